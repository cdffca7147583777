using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Contract.Tests")]
