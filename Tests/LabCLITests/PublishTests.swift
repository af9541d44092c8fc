import Foundation
import TestSupport
import Testing

/// What `--results` leaves, and which data is taken where nobody has said.
@Suite struct PublishTests {
  private func lab(_ arguments: [String], _ environment: [String: String] = [:], in folder: URL) throws -> ProgramResult
  {
    try TestSupport.run(ResumeTests.binary, arguments, environment: environment, in: folder)
  }

  private func files(in folder: URL) -> [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).sorted()
  }

  @Test func publishedResultsNameNoPlace() throws {
    let folder = try TemporaryFolder()
    let results = folder.url.appendingPathComponent("Results/figure17")
    let command = [
      "run", "figure17", "--scale", "smoke", "--out=\(folder.path("place/r"))", "--results", folder.path("Results"),
    ]
    let ran = try lab(command, in: folder.url)
    #expect(ran.status == 0, "\(ran.standardError)")
    for file in files(in: results) where file.contains(".") {
      let text = try String(contentsOf: results.appendingPathComponent(file), encoding: .utf8)
      #expect(!text.contains(folder.url.lastPathComponent), "\(file) names the folder")
    }
    func environment() throws -> String {
      try String(contentsOf: results.appendingPathComponent("environment.json"), encoding: .utf8)
    }
    #expect(try !environment().contains("\"others\""))
    #expect(files(in: results).contains("residual-w1=1-w2=0-contour.csv"))

    // A run of another machine says so; the tables of runs that are not among those of now go.
    let other = folder.path("place/r/residual-w1=0-w2=1/environment.json")
    let text = try String(contentsOfFile: other, encoding: .utf8).replacingOccurrences(
      of: "\"processor\": \"", with: "\"processor\": \"Other ")
    try Data(text.utf8).write(to: URL(fileURLWithPath: other))
    let again = try lab(
      command + ["--variant", "plain-w1=1-w2=1", "--variant", "residual-w1=0-w2=1"], in: folder.url)
    #expect(again.status == 0, "\(again.standardError)")
    #expect(
      files(in: results) == [
        "environment.json", "metrics.csv", "plain-w1=1-w2=1-contour.csv", "recipe.json",
        "residual-w1=0-w2=1-contour.csv", "results.csv", "runs.jsonl",
      ])
    #expect(try environment().contains("\"others\"") && environment().contains("\"processor\": \"Other "))
  }

  /// What was published is as good as the records: the same table and verdict, and further runs join it.
  @Test func publishedResultsAreReadBack() throws {
    let folder = try TemporaryFolder()
    func run(_ seeds: String, _ out: String, _ more: [String] = []) throws {
      let ran = try lab(
        [
          "run", "table8", "--scale", "smoke", "--method", "idinit", "--variant", "relu", "--seeds", seeds, "--out",
          out,
        ] + more, in: folder.url)
      #expect(ran.status == 0, "\(ran.standardError)")
    }
    func compare(_ arguments: String...) throws -> String {
      let ran = try lab(["compare"] + arguments, in: folder.url)
      #expect(ran.status == 0, "\(ran.standardError)")
      return ran.standardOutput
    }
    try run("0,1", "first", ["--results", "Results"])
    try run("2", "second")
    try run("0,1,2", "all")
    #expect(try compare("Results") == compare("first"))
    #expect(try compare("Results/table8", "second") == compare("all"))

    // Published with what was published before, and the old records gone, as if all had been run at once.
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("first"))
    _ = try compare("Results/table8", "second", "--results", "Results")
    _ = try compare("all", "--results", "Expected")
    for file in ["results.csv", "metrics.csv"] {
      #expect(
        try String(contentsOfFile: folder.path("Results/table8/\(file)"), encoding: .utf8)
          == String(contentsOfFile: folder.path("Expected/table8/\(file)"), encoding: .utf8), "\(file)")
    }
    #expect(try compare("Results") == compare("all"))

    let runs = folder.path("Results/table8/runs.jsonl")
    let text = try String(contentsOfFile: runs, encoding: .utf8)
    try Data(text.replacingOccurrences(of: #""status":"finished""#, with: #""status":"fine""#).utf8)
      .write(to: URL(fileURLWithPath: runs))
    let refused = try lab(["compare", "Results"], in: folder.url)
    #expect(refused.status == 65)
    #expect(refused.standardError.contains("runs.jsonl, line 1: expected"), "\(refused.standardError)")
  }

  @Test func differentExperimentsHaveTablesOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    for steps in ["100", "200"] {
      let ran = try lab(
        ["run", "figure17", "--scale", "smoke", "--set", "optimizer.steps=\(steps)", "--out", "r/\(steps)"],
        in: folder.url)
      #expect(ran.status == 0, "\(ran.standardError)")
    }
    let compared = try lab(["compare", "r"], in: folder.url)
    #expect(compared.status == 0)
    #expect(compared.standardOutput.contains("With optimizer.steps 100\n"))
    #expect(compared.standardOutput.contains("With optimizer.steps 200\n"))
    let csv = try lab(["compare", "r", "--csv"], in: folder.url)
    #expect(csv.status == 64)
    #expect(csv.standardError.contains("figure17 optimizer.steps 100; figure17 optimizer.steps 200"))
  }

  private static let digits: URL? = {
    let named = ProcessInfo.processInfo.environment["IDINIT_DEPS"].flatMap {
      $0.isEmpty ? nil : URL(fileURLWithPath: $0)
    }
    let file = (named ?? packageFolder.appendingPathComponent(".deps")).appendingPathComponent("data/mnist_5k.csv.gz")
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }()

  private static let small = [
    "run", "table8", "--method", "idinit", "--variant", "relu", "--seeds", "0", "--epochs", "1", "--threads", "1",
    "--set",
    "network.hiddenWidth=8",
  ]

  @Test(.enabled(if: digits != nil, "scripts/bootstrap brings the 5,000 digits")) func withoutMNISTItTakesTheDigits()
    throws
  {
    let folder = try TemporaryFolder()
    let data = folder.url.appendingPathComponent("deps/data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    let digits = try #require(Self.digits)
    try FileManager.default.copyItem(at: digits, to: data.appendingPathComponent("mnist_5k.csv.gz"))
    let environment = ["IDINIT_DEPS": folder.path("deps"), "HOME": folder.path("home")]
    let ran = try lab(Self.small, environment, in: folder.url)
    #expect(ran.status == 0, "\(ran.standardError)")
    let told = ran.standardError.split(separator: "\n").filter { $0.contains("the full MNIST is not at hand") }
    #expect(told.count == 1 && told[0].contains("mnist-5k"))
    #expect(ran.standardOutput.contains("On mnist-5k, not on the paper's mnist"))
    let recipe = folder.path("runs/table8-paper-mnist-5k/relu-idinit-seed0/recipe.json")
    #expect(try String(contentsOfFile: recipe, encoding: .utf8).contains(#""name": "mnist-5k""#))

    // Who asks for MNIST gets it or an error.
    for asked in [["--set", "data.name=mnist"], ["--data", folder.path("deps/data")]] {
      let refused = try lab(Self.small + asked + ["--out", "other"], environment, in: folder.url)
      #expect(refused.status == 66, "\(refused.standardError)")
    }
  }

  @Test func withoutAnyDigitsItSaysWhatToDo() throws {
    let folder = try TemporaryFolder()
    let ran = try lab(
      Self.small, ["IDINIT_DEPS": folder.path("deps"), "HOME": folder.path("home")], in: folder.url)
    #expect(ran.status == 66)
    for part in ["scripts/bootstrap", "idinit-lab fetch mnist"] { #expect(ran.standardError.contains(part)) }
    #expect(ran.standardError.split(separator: "\n").count == 1)
  }
}
