using Slipway.StaticSite;

var options = StaticSiteOptions.Read(args, Environment.GetEnvironmentVariable);
if (options is null)
{
    Console.Error.WriteLine("PORT is not a port number.");
    return 2;
}
if (!Directory.Exists(options.Root))
{
    Console.Error.WriteLine($"{options.Root} is not a folder. Name one as the argument or in SLIPWAY_SITE.");
    return 2;
}

var site = Site.Read(options.Root);
await using var app = StaticSiteApp.Create(site, options);
await app.StartAsync();
Console.WriteLine($"Serving {site.Count} files of {options.Root} on port {options.Port}.");
await app.WaitForShutdownAsync();
return 0;
