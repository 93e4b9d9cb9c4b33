using Verifier.TestKit;
using Verifier.TestKit.Net;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Image;

/// <summary>One container of the image for all tests: TLS, a volume of podman's for the registry, the samples' root, nothing else writable.</summary>
public sealed class RunningImage : IAsyncLifetime
{
    private const string Token = "admin-token-for-image-tests-0123456789abcdef";
    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-image-").FullName;
    private readonly string _id = Guid.NewGuid().ToString("N")[..12];
    private bool _isMounted;

    public int Port { get; } = FreePort.Next();

    public int ProbePort { get; } = FreePort.Next();

    public string Name => $"verifier-test-{_id}";

    /// <summary>The first process of the container, as this machine numbers it.</summary>
    public int Process { get; private set; }

    /// <summary>The files of the image.</summary>
    public string Root { get; private set; } = "";

    public string CaFile => Path.Combine(_folder, "ca.pem");

    public string TokenFile => Path.Combine(_folder, "token");

    public async ValueTask InitializeAsync()
    {
        if (Podman.Image is null)
        {
            return;
        }

        // The user of the image is none of this machine.
        LetRead(_folder, UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        RedisCertificates.Create(_folder, "verifier.test");
        await File.WriteAllTextAsync(TokenFile, Token, CancellationToken.None);
        foreach (string file in Directory.EnumerateFiles(_folder))
        {
            LetRead(file);
        }

        await Podman.DoAsync(Podman.Run([.. Settings(Port, ProbePort), "--name", Name, "--volume", $"{Name}:/data", "--detach"]));
        Process = int.Parse(await Podman.DoAsync("inspect", "--format", "{{.State.Pid}}", Name), System.Globalization.CultureInfo.InvariantCulture);
        Root = await Podman.DoAsync("image", "mount", Podman.Image);
        _isMounted = true;
    }

    /// <summary>What a container needs besides the image: certificate, token, and the root that samples are signed by.</summary>
    internal string[] Settings(int port, int probePort) =>
    [
        "--env", $"Server__Port={port}",
        "--env", $"Server__ProbePort={probePort}",
        "--env", "Server__Tls__CertificateFile=/test/server.pem",
        "--env", "Server__Tls__KeyFile=/test/server.key",
        "--env", "Identity__AdminTokenFile=/test/token",
        "--env", "Trust__UnsafeExtraRoots__0=/samples/root.pem",
        "--env", "Kds__Mode=Offline",
        "--volume", $"{_folder}:/test:ro",
        "--volume", $"{Path.GetDirectoryName(Samples.Path("root.pem"))}:/samples:ro",
    ];

    public async ValueTask DisposeAsync()
    {
        if (Podman.Image is not null)
        {
            await Podman.TryAsync("rm", "--force", Name);
            await Podman.TryAsync("volume", "rm", Name);
            if (_isMounted)
            {
                await Podman.TryAsync("image", "unmount", Podman.Image);
            }
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static void LetRead(string path, UnixFileMode more = UnixFileMode.None)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead | more);
        }
    }
}
