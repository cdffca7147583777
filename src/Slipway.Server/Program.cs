using Slipway.Server.Roles;

// One executable, composed by role: slipway-server --roles api,worker,runtime,dashboard | edge | firewall
return await ServerRoles.RunAsync(args);
