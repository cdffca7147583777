using Xunit.Sdk;
using Xunit.v3;

// One engine and two cores serve a whole run, and stories kill servers and hold edges still: one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
