using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Slipway.Testing.Sourcing;

namespace Contract.Tests.Sourcing;

/// <summary>Uploads that mean harm, or are broken.</summary>
public sealed class ArchiveAbuseSourceTests
{
    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("C:/evil")]
    [InlineData("a\\..\\..\\evil")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    public async Task A_name_that_leads_elsewhere_is_refused_by_name(string name)
    {
        await using var git = await GitFixture.StartAsync();
        var failure = git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("good"), TarGz.File(name))));
        Assert.Equal("fetch.unsafe_archive", failure.Code);
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_65000_bytes_is_refused()
    {
        await using var git = await GitFixture.StartAsync();
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File(new string('n', 65_000))))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File(new string('ä', 200))))).Code);
    }

    [Theory]
    [InlineData("../..")]
    [InlineData("/etc")]
    public async Task A_symlink_to_outside_is_refused(string target)
    {
        await using var git = await GitFixture.StartAsync();
        Assert.Equal("fetch.symlink_escape", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("good"), TarGz.SymbolicLink("link", target)))).Code);
    }

    [Fact]
    public async Task A_file_through_a_symlink_is_refused_even_when_that_stays_inside()
    {
        await using var git = await GitFixture.StartAsync();
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.SymbolicLink("link", "../uploads"), TarGz.File("link/evil")))).Code);
        Assert.False(File.Exists(Path.Combine(git.Uploads, "evil")));
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.Folder("d"), TarGz.SymbolicLink("link", "d"), TarGz.File("link/x")))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.SymbolicLink("link", "target"), TarGz.File("link")))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.SymbolicLink("link", "target"), TarGz.Folder("link")))).Code);
    }

    [Fact]
    public async Task A_hard_link_to_outside_or_to_nothing_is_refused()
    {
        await using var git = await GitFixture.StartAsync();
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.HardLink("a", "/etc/passwd")))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.HardLink("a", "../../uploads/x")))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.HardLink("a", "later"), TarGz.File("later")))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.SymbolicLink("s", "x"), TarGz.HardLink("a", "s")))).Code);
    }

    [Fact]
    public async Task A_hard_link_to_an_earlier_file_becomes_a_copy()
    {
        await using var git = await GitFixture.StartAsync();
        using var snapshot = (await git.UnpackAsync(TarGz.Of(TarGz.File("a", "same"), TarGz.HardLink("d/b", "a")))).Value;
        Assert.Equal("same", snapshot.Tree.ReadText("d/b"));
    }

    [Theory]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    public async Task Devices_and_fifos_are_refused(TarEntryType type)
    {
        await using var git = await GitFixture.StartAsync();
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("good"), TarGz.Special(type, "dev")))).Code);
    }

    [Fact]
    public async Task Setuid_is_stripped_and_exec_bits_and_times_are_kept()
    {
        await using var git = await GitFixture.StartAsync();
        var script = TarGz.File("bin/run", "#!", UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit | UnixFileMode.UserRead | UnixFileMode.UserExecute);
        script.ModificationTime = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var folder = TarGz.Folder("bin");
        folder.ModificationTime = script.ModificationTime;
        using var snapshot = (await git.UnpackAsync(TarGz.Of(folder, script))).Value;
        var path = Path.Combine(snapshot.Directory, "bin/run");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        Assert.Equal(script.ModificationTime.UtcDateTime, File.GetLastWriteTimeUtc(path));
        Assert.Equal(script.ModificationTime.UtcDateTime, Directory.GetLastWriteTimeUtc(Path.Combine(snapshot.Directory, "bin")));
    }

    [Fact]
    public async Task A_name_that_comes_twice_is_refused()
    {
        await using var git = await GitFixture.StartAsync();
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("a"), TarGz.File("./a")))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("a"), TarGz.Folder("a/")))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("a"), TarGz.File("a/b")))).Code);
        Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("a/b"), TarGz.File("a")))).Code);
        using var snapshot = (await git.UnpackAsync(TarGz.Of(TarGz.Folder("a/"), TarGz.File("a/b"), TarGz.Folder("a/")))).Value;
        Assert.True(snapshot.Tree.FileExists("a/b"));
    }

    [Fact]
    public async Task History_and_installed_packages_are_left_out_wherever_they_are()
    {
        await using var git = await GitFixture.StartAsync();
        using var snapshot = (await git.UnpackAsync(TarGz.Of(TarGz.File(".git/config"), TarGz.File("web/node_modules/x/index.js"), TarGz.File("./web/app.js"), TarGz.File(".gitignore")))).Value;
        Assert.Equal([".gitignore", "web/"], snapshot.Tree.List(""));
        Assert.Equal(["app.js"], snapshot.Tree.List("web"));
    }

    [Fact]
    public async Task Too_many_files_or_folders_or_bytes_are_refused()
    {
        await using var git = await GitFixture.StartAsync(o => (o.MaxFiles, o.MaxBytes) = (10, 1000));
        Assert.Equal("fetch.too_large", git.Refused(await git.UnpackAsync(TarGz.Of([.. Enumerable.Range(0, 11).Select(i => TarGz.File($"f{i}"))]))).Code);
        Assert.Equal("fetch.too_large", git.Refused(await git.UnpackAsync(TarGz.Of([.. Enumerable.Range(0, 11).Select(i => TarGz.Folder($"d{i}"))]))).Code);
        Assert.Equal("fetch.too_large", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("deep/" + string.Concat(Enumerable.Repeat("d/", 20)) + "f"), TarGz.File("g")))).Code);
        Assert.Equal("fetch.too_large", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("a", new string('x', 600)), TarGz.File("b", new string('x', 600))))).Code);
        Assert.Equal("fetch.too_large", git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("node_modules/a", new string('x', 2000))))).Code);
    }

    [Fact]
    public async Task A_bomb_of_zeros_is_refused_before_it_is_written()
    {
        await using var git = await GitFixture.StartAsync();
        var zeros = new PaxTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = new MemoryStream(new byte[100 << 20]) };
        var failure = git.Refused(await git.UnpackAsync(TarGz.Of(TarGz.File("good"), zeros)));
        Assert.Equal("fetch.unsafe_archive", failure.Code);
        Assert.Contains("bomb", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extended_header_that_would_fill_the_memory_is_refused()
    {
        await using var git = await GitFixture.StartAsync();
        var failure = git.Refused(await git.UnpackAsync(GiantHeader(64 << 20)));
        Assert.Equal("fetch.unsafe_archive", failure.Code);
        Assert.Contains("header", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_gzip_no_tar_or_not_whole_is_refused()
    {
        await using var git = await GitFixture.StartAsync();
        var whole = TarGz.Of(TarGz.File("a", Convert.ToHexString(new byte[50_000])), TarGz.File("b", Guid.NewGuid().ToString()));
        var withoutEnd = Gzip(Gunzip(whole)[..^1024]);
        foreach (var broken in new byte[][] { [], "hello, I am no archive"u8.ToArray(), whole[..(whole.Length / 2)], [.. whole[..^8], 1, 2, 3, 4, .. whole[^4..]], Gzip("no tar"u8.ToArray()), withoutEnd, TarGz.Of() })
        {
            Assert.Equal("fetch.unsafe_archive", git.Refused(await git.UnpackAsync(broken)).Code);
        }
    }

    private static byte[] Gzip(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(content);
        return memory.ToArray();
    }

    private static byte[] Gunzip(byte[] archive)
    {
        using var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        gzip.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>A pax header that says it is so long, followed by zeros.</summary>
    private static byte[] GiantHeader(int size)
    {
        var header = new byte[512];
        void Put(int at, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, at);
        Put(0, "pax");
        Put(100, "0000644\0");
        Put(124, Convert.ToString(size, 8).PadLeft(11, '0') + "\0");
        Put(136, "00000000000\0");
        Put(148, "        ");
        Put(156, "x");
        Put(257, "ustar\0" + "00");
        Put(148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ");
        return Gzip([.. header, .. new byte[size]]);
    }
}
