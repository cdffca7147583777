using CsCheck;
using Slipway.Core.Pipeline.Planning.Node;

namespace Slipway.Core.Tests.Planning;

public class SemverRangeTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3", "1.2.4")]
    [InlineData("^1.2.3", "1.9.0", "2.0.0")]
    [InlineData("^0.2.3", "0.2.9", "0.3.0")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4")]
    [InlineData("^0", "0.9.0", "1.0.0")]
    [InlineData("~1.2", "1.2.9", "1.3.0")]
    [InlineData("~1", "1.9.9", "2.0.0")]
    [InlineData(">1.2", "1.3.0", "1.2.9")]
    [InlineData("<=1.2", "1.2.9", "1.3.0")]
    [InlineData("<1.2", "1.1.9", "1.2.0")]
    [InlineData("1.2 - 1.4", "1.4.9", "1.5.0")]
    [InlineData(">=1.0.0 <1.1 || 2.x", "2.5.0", "1.1.0")]
    [InlineData("v1.x", "1.0.0", "2.0.0")]
    [InlineData("1.2.3-rc.1", "1.2.3", "1.2.4")]
    public void Range_holds_what_npm_says(string range, string inside, string outside)
    {
        var parsed = SemverRange.Parse(range);
        Assert.NotNull(parsed);
        Assert.True(parsed.Contains(Version.Parse(inside)));
        Assert.False(parsed.Contains(Version.Parse(outside)));
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("workspace:*")]
    [InlineData("https://example.com/x.tgz")]
    [InlineData("1.2.3.4")]
    [InlineData("99999999999999999999")]
    [InlineData("1 2 x;y")]
    public void What_is_no_range_is_refused(string text) => Assert.Null(SemverRange.Parse(text));

    private static readonly Gen<Version> GenVersion = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 4], (x, y, z) => new Version(x, y, z));

    private static readonly string[] Operators = ["", "^", "~", ">=", "<", "<=", ">"];

    private static readonly Gen<string> GenRange = Gen.Select(Gen.Int[0, 6].Select(i => Operators[i]), GenVersion, Gen.Int[1, 3], (op, v, parts) => op + v.ToString(parts))
        .Array[1, 3].Select(words => string.Join(' ', words)).Array[1, 3].Select(alternatives => string.Join(" || ", alternatives));

    [Fact]
    public void Intersection_holds_exactly_what_both_hold() =>
        Gen.Select(GenRange, GenRange, GenVersion).Sample((a, b, version) =>
        {
            SemverRange left = SemverRange.Parse(a)!, right = SemverRange.Parse(b)!;
            return left.Intersect(right).Contains(version) == (left.Contains(version) && right.Contains(version));
        });

    [Fact]
    public void Printed_it_reads_as_the_same_range() =>
        Gen.Select(GenRange, GenVersion).Sample((text, version) =>
        {
            var range = SemverRange.Parse(text)!;
            return range.IsEmpty || SemverRange.Parse(range.ToString())!.Contains(version) == range.Contains(version);
        });
}
