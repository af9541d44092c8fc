import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
  private func lab(_ arguments: String..., in folder: URL? = nil) throws -> ProgramResult {
    try TestSupport.run(ResumeTests.binary, arguments, in: folder)
  }

  @Test func listsEveryRecipe() throws {
    let result = try lab("list")
    #expect(result.status == 0)
    for id in ["table8", "table1", "figure19", "figure17", "figure4", "table2-resnet56", "figure18"] {
      #expect(result.standardOutput.contains(id))
    }
  }

  @Test func showsWhatRunTakes() throws {
    let folder = try TemporaryFolder()
    let shown = try lab("show", "figure17", "--scale", "small")
    #expect(shown.status == 0)
    _ = try folder.write(Array(shown.standardOutput.utf8), to: "mine.toml")
    let ran = try lab("run", "mine.toml", in: folder.url)
    #expect(ran.status == 0, "\(ran.standardError)")
    #expect(ran.standardOutput.contains("Here: confirmed."))
    #expect(FileManager.default.fileExists(atPath: folder.path("runs/mine/plain-w1=1-w2=1/summary.json")))
    #expect(!ran.standardError.contains("\u{1B}"))
  }

  @Test func comparesRecordsAsRunDoes() throws {
    let folder = try TemporaryFolder()
    let ran = try lab(
      "run", "figure17", "--scale", "small", "--out", folder.path("r"), "--results", folder.path("Results"))
    #expect(ran.status == 0, "\(ran.standardError)")
    let compared = try lab("compare", folder.path("r"))
    #expect(compared.status == 0)
    #expect(ran.standardOutput.hasPrefix(compared.standardOutput))
    let published = try lab("compare", folder.path("r"), "--results", folder.path("Again"))
    #expect(published.status == 0, "\(published.standardError)")
    for name in ["results.csv", "recipe.json", "environment.json", "metrics.csv"] {
      #expect(
        try Data(contentsOf: folder.url.appendingPathComponent("Again/figure17/\(name)"))
          == Data(contentsOf: folder.url.appendingPathComponent("Results/figure17/\(name)")), "\(name)")
    }
    let csv = try lab("compare", folder.path("r"), "--csv").standardOutput
    let again = try lab("run", "figure17", "--scale", "small", "--out", folder.path("r"), "--csv")
    #expect(again.standardOutput == csv)
    #expect(csv.hasPrefix("variant,status,w1,w2,product"))
    #expect(try String(contentsOfFile: folder.path("Results/figure17/results.csv"), encoding: .utf8) == csv)
    for name in ["recipe.json", "environment.json", "metrics.csv", "plain-w1=1-w2=1-contour.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder.path("Results/figure17/\(name)")), "no \(name)")
    }
  }

  /// Arguments, exit code, what standard error says.
  static let bad: [(arguments: [String], status: Int32, says: String)] = [
    (["run", "tabel8"], 64, "did you mean 'table8'?"),
    (["run"], 64, "recipe"),
    (["run", "table8", "--scale", "huge"], 64, "huge"),
    (["help", "nosuch"], 64, "there is no command 'nosuch'; there are list, show, run,"),
    (["help", "rum"], 64, "did you mean 'run'?"),
    (["help", "run", "list"], 64, "help takes one command"),
    (["run", "table8", "--foo"], 64, "'--foo'; there are --scale, --method,"),
    (["run", "table8", "--scael", "small"], 64, "'--scael'; did you mean '--scale'?"),
    (["run", "table8", "--epochs", "-1"], 64, "training.epochs is -1; expected a whole number of 1 or more"),
    (["run", "table8", "--seeds", "-1"], 64, "seeds is -1"),
    (["run", "table8", "--threads", "-1"], 64, "--threads is -1; expected 1 to 1024"),
    (
      ["run", "table8", "--set", "data.std=1", "--set", "data.std=2"], 64,
      "--set data.std=1 does nothing: --set data.std=2 sets data.std as well"
    ),
    (
      ["run", "table8", "--method", "idinit", "--set", "methods=kaiming"], 64,
      "--method does nothing: --set methods=kaiming sets methods as well"
    ),
    (["run", "figure17", "--seeds", "0"], 64, "--seeds does nothing for figure17"),
    (["run", "figure17", "--method", "idinit"], 64, "--method does nothing for figure17"),
    (["run", "figure17", "--epochs", "3"], 64, "--epochs does nothing for figure17"),
    (["run", "table1", "--data", "."], 64, "--data does nothing for table1"),
    (["run", "figure17", "--device", "cpu"], 64, "--device does nothing for figure17"),
    (["run", "table8", "--threads", "0"], 64, "--threads"),
    (["run", "table8", "--device", "tpu"], 64, "--device is tpu; expected cpu, cuda or cuda:N"),
    (["run", "table8", "--set", "optimizer.lr"], 64, "expected key=value"),
    (["run", "table8", "--set", "optimizer.learningRat=1"], 64, "did you mean 'optimizer.learningRate'?"),
    (["run", "table8", "--method", "idinot"], 64, "did you mean 'idinit'?"),
    (["run", "figure7", "--scale", "smoke", "--method", "fixup"], 64, "has no residual block"),
    (["run", "figure7", "--scale", "smoke", "--method", "idinit", "--method", "rezero"], 64, "ReZero"),
    (["run", "table2-resnet56", "--scale", "small", "--data", "."], 66, "CIFAR-10"),
    (["run", "table4", "--scale", "small", "--set", "network.depth=21"], 64, "6n + 2"),
    (["run", "table2-resnet56", "--scale", "small", "--data", "/etc/passwd"], 66, "it is a file, not a folder"),
    (["list", "--json", "--csv"], 64, "expected one of them"),
    (["probe", "all-conv", "--json", "--layers"], 64, "--layers does nothing with --json"),
    (["run", "nowhere.toml"], 66, "there is no file nowhere.toml"),
    (["run", "x.toml", "--scale", "small"], 64, "--scale small does nothing for a TOML file"),
    (["run", "table8", "--scale", "small", "--data", "/no/such/folder"], 66, "/no/such/folder"),
    (["compare", "/no/such/folder"], 66, "there is no /no/such/folder"),
    (["show", "table8", "--seeds", "one"], 64, "seeds"),
    (["fetch", "cifra10"], 64, "'cifra10' to download (known: mnist, cifar10, sst2, "),
    (["fetch", "cifra10"], 64, "bert-vocabulary); did you mean 'cifar10'?"),
    (["fetch", "CIFAR-10"], 64, "did you mean 'cifar10'?"),
    (["fetch", "imagenet"], 64, "sst5, trec6, bert-vocabulary)\n"),
    (["fetch", "glove.6B"], 64, "unpack https://nlp.stanford.edu/data/glove.6B.zip (862 MB), and name their folder"),
  ]

  @Test(arguments: bad.indices) func badUseIsOneLineAndAnExitCode(_ index: Int) throws {
    let (arguments, status, says) = Self.bad[index]
    let folder = try TemporaryFolder()
    let result = try TestSupport.run(ResumeTests.binary, arguments, in: folder.url)
    #expect(result.status == status, "\(result.standardError)")
    #expect(result.standardError.contains(says), "\(result.standardError)")
    #expect(result.standardOutput.isEmpty)
    if status != 64 { #expect(result.standardError.split(separator: "\n").count == 1) }
  }

  /// 78 is for what is wrong in a file alone; what the command line adds to it is 64.
  @Test func aWrongRecipeFileHasACodeOfItsOwn() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Array("recipe = \"table8\"\nscale = \"smoke\"\n".utf8), to: "good.toml")
    _ = try folder.write(Array("recipe = \"table8\"\n[data]\nstd = 0\n".utf8), to: "bad.toml")
    _ = try folder.write(
      Array("recipe = \"figure7\"\nscale = \"smoke\"\nmethods = [\"fixup\"]\n".utf8), to: "unfit.toml")
    for (arguments, status) in [
      (["show", "bad.toml"], 78), (["run", "unfit.toml"], 78), (["run", "good.toml", "--set", "data.std=0"], 64),
    ] as [([String], Int32)] {
      let result = try TestSupport.run(ResumeTests.binary, arguments, in: folder.url)
      #expect(result.status == status, "\(arguments): \(result.standardError)")
    }
  }

  @Test func fetchNamesWhatItCanBring() throws {
    let help = try lab("fetch", "--help")
    #expect(help.status == 0)
    let known = ["mnist", "cifar10", "170 MB", "sst2", "sst5", "trec6", "bert-vocabulary", "glove.6B.zip"]
    for words in known { #expect(help.standardOutput.contains(words)) }
  }

  /// With no `curl` in sight nothing is sent: each place that would have been asked is named.
  @Test func aFetchWithoutANetworkSaysWhatItTried() throws {
    let folder = try TemporaryFolder()
    let environment = ["XDG_CACHE_HOME": folder.path("cache"), "PATH": folder.path("none")]
    let result = try TestSupport.run(ResumeTests.binary, ["fetch", "cifar10"], environment: environment)
    #expect(result.status == 69, "\(result.standardError)")
    for words in ["www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz (the program `curl` is not installed)", "--data"] {
      #expect(result.standardError.contains(words), "\(result.standardError)")
    }
    #expect(result.standardOutput.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("cache/idinit/cifar10")) == [])
  }
}
