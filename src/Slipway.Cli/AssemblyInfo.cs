using System.Runtime.Versioning;

// The engine, the launchers and /proc are Linux's.
[assembly: SupportedOSPlatform("linux")]
