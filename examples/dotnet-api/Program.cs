var app = WebApplication.CreateBuilder(args).Build();

var boats = new[] { new Boat("Gipsy Moth", 16.5), new Boat("Pen Duick", 15.1) };
app.MapGet("/", () => "Boats by .NET");
app.MapGet("/boats", () => boats);
app.MapGet("/boats/{name}", (string name) => boats.FirstOrDefault(b => b.Name == name) is { } boat ? Results.Ok(boat) : Results.NotFound(new { error = "no such boat" }));

app.Run();

internal sealed record Boat(string Name, double LengthMetres);
