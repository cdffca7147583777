namespace EndToEnd.Tests;

/// <summary>What is wrong is said with its code, and nothing is left behind.</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("story", "one-machine")]
public sealed class BadInputStory(Installation slipway)
{
    [Theory]
    [InlineData("ext::sh -c id", "source.not_found")]
    [InlineData("file:///etc", "fetch.url_invalid")]
    [InlineData("https://user:pass@example.com/a.git", "fetch.url_invalid")]
    [InlineData("https://example.com/a.git#-upload", "fetch.ref_invalid")]
    public async Task A_repository_address_that_is_no_address_is_refused(string address, string code)
    {
        var ran = await slipway.RunAsync("deploy", address, "--json");
        Assert.True(ran.ExitCode == 2, ran.ToString());
        Assert.Equal(code, Installation.Json(ran)["error"]?["code"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("ünïcode")]
    [InlineData("x-preview")]
    [InlineData("a-git-b")]
    [InlineData("slipway")]
    public async Task A_project_name_that_can_be_no_host_is_refused(string name)
    {
        var ran = await slipway.RunAsync("deploy", Checkout.Example("static"), "--project", name, "--json");
        Assert.True(ran.ExitCode == 2, ran.ToString());
        Assert.Equal("project.name_invalid", Installation.Json(ran)["error"]?["code"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("=value")]
    [InlineData("A B=value")]
    public async Task A_variable_without_a_proper_name_is_refused(string variable)
    {
        var ran = await slipway.RunAsync("deploy", Checkout.Example("static"), "--project", "e2e-bad-env", "--env", variable, "--json");
        Assert.True(ran.ExitCode == 2, ran.ToString());
    }

    [Fact]
    public async Task Another_folder_does_not_take_over_a_project_by_its_name()
    {
        var parents = new[] { Directory.CreateTempSubdirectory("e2e-a-").FullName, Directory.CreateTempSubdirectory("e2e-b-").FullName };
        foreach (var parent in parents)
        {
            Directory.CreateDirectory(Path.Combine(parent, "samename"));
            await File.WriteAllTextAsync(Path.Combine(parent, "samename", "index.html"), parent);
        }

        Assert.Equal(0, (await slipway.DeployAsync(Path.Combine(parents[0], "samename"))).ExitCode);
        var second = await slipway.RunAsync("deploy", Path.Combine(parents[1], "samename"), "--json");
        Assert.True(second.ExitCode == 2, second.ToString());
        Assert.Equal("project.name_taken", Installation.Json(second)["error"]?["code"]?.GetValue<string>());
        foreach (var parent in parents) Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_planned_says_what_was_looked_for()
    {
        var folder = Directory.CreateTempSubdirectory("e2e-none-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "nothing to serve");
        var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", "e2e-none");
        Assert.True(exit == 1, ran.ToString());
        Assert.Equal("plan.no_provider", json["failure"]?["code"]?.GetValue<string>());
        Directory.Delete(folder, recursive: true);
    }
}
