using Slipway.BuildKit;

namespace Slipway.Contract.Tests.Building;

public class BuildFailureTests
{
    [Theory]
    [InlineData("failed to prepare extraction snapshot \"extract-1 sha256:b5\": parent snapshot sha256:14 does not exist: not found", true)]
    [InlineData("failed to calculate checksum of ref x: \"/snapshot\": not found", false)]
    public void A_layer_that_the_engine_cleaned_away_is_told_from_a_file_that_is_not_there(string message, bool isLost) =>
        Assert.Equal(isLost, BuildFailure.IsLostLayer(message));

    [Fact]
    public void A_step_is_named_in_one_line_without_what_was_added_to_it()
    {
        Assert.Equal(
            "[build 6/6] RUN npm run build && test -d dist",
            BuildFailure.Readable("[build 6/6] RUN --mount=type=secret,id=slipway-env,target=/run/slipway/env,required=true     : env-0a1b; set -a; . /run/slipway/env; set +a; npm run build  && test -d dist"));
        Assert.EndsWith(" …", BuildFailure.Readable("RUN " + string.Concat(Enumerable.Repeat("echo 1 && ", 100))));
        Assert.Equal("exit code: 7", BuildFailure.Reason("executor failed running [/bin/sh -c exit 7]: exit code: 7"));
    }
}
