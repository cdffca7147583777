using System.Globalization;
using CsCheck;
using Slipway.Core.Pipeline.Building;

namespace Core.Tests.Building;

public sealed class BuilderChoiceTests
{
    private static readonly string[] Three = ["tcp://one:1234", "tcp://two:1234", "unix:///run/three.sock"];

    private static readonly Gen<string[]> Addresses = Gen.Int[0, 30].Array[1, 12].Select(numbers => numbers.Distinct().Select(n => $"tcp://builder-{n}:1234").ToArray());

    /// <summary>A project must find its cache again after an upgrade, so the order itself is kept.</summary>
    [Theory]
    [InlineData("shop", "one", "three", "two")]
    [InlineData("blog", "two", "one", "three")]
    [InlineData("docs", "two", "one", "three")]
    public void The_order_of_a_project_stays(string key, params string[] names) =>
        Assert.Equal(names, BuilderChoice.Order(key, Three).Select(a => Array.IndexOf(Three, a) switch { 0 => "one", 1 => "two", _ => "three" }));

    [Fact]
    public void One_alone_is_the_first_and_none_is_none()
    {
        Assert.Equal(["tcp://one:1"], BuilderChoice.Order("any", ["tcp://one:1", "tcp://one:1"]));
        Assert.Empty(BuilderChoice.Order("any", []));
    }

    [Fact]
    public void It_does_not_matter_in_which_order_they_are_written() => Gen.Select(Gen.String, Addresses).Sample((key, addresses) =>
        Assert.Equal(BuilderChoice.Order(key, addresses), BuilderChoice.Order(key, addresses.Reverse())));

    [Fact]
    public void One_that_goes_moves_only_who_was_there() => Gen.Select(Gen.String, Addresses, Gen.Int[0, 11]).Sample((key, addresses, at) =>
    {
        var gone = addresses[at % addresses.Length];
        Assert.Equal(BuilderChoice.Order(key, addresses).Where(a => a != gone), BuilderChoice.Order(key, addresses.Where(a => a != gone)));
    });

    [Fact]
    public void Each_gets_its_share()
    {
        var first = Enumerable.Range(0, 3000).CountBy(i => BuilderChoice.Order(i.ToString(CultureInfo.InvariantCulture), Three)[0]).ToList();
        Assert.Equal(3, first.Count);
        Assert.All(first, builder => Assert.InRange(builder.Value, 850, 1150));
    }
}
