using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("BuildKit.Client.Tests")]
