using Slipway.Core;
using Slipway.EdgeServer;

// The edge as a program of its own, for native AOT: what slipway-server --roles edge does, in a third of the memory.
return await EdgeProgram.RunAsync(args, SlipwayHome.FromEnvironment());
