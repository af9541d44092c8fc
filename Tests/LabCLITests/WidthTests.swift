import Foundation
import TestSupport
import Testing

/// No line of what people read is wider than the terminal. (Commands and TOML, which are copied, may be.)
@Suite struct WidthTests {
  private func lab(_ arguments: [String], width: Int = 80, in folder: URL? = nil) throws -> String {
    let ran = try TestSupport.run(ResumeTests.binary, arguments, environment: ["COLUMNS": "\(width)"], in: folder)
    #expect(ran.status == 0, "\(arguments): \(ran.standardError)")
    return ran.standardOutput
  }

  private func checkWidth(_ text: String, _ width: Int, _ what: String) {
    #expect(!text.isEmpty)
    for line in text.split(separator: "\n") where line.count > width && !line.hasPrefix("Records: ") {
      Issue.record("\(what), at \(width) columns, has \(line.count): \(line)")
    }
  }

  /// Published results that can be read back.
  static let published: [String] = {
    let folder = packageFolder.appendingPathComponent("Results")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.map { folder.appendingPathComponent($0).path }
      .filter { FileManager.default.fileExists(atPath: $0 + "/runs.jsonl") }.sorted()
  }()

  @Test(arguments: published) func publishedResultsFit(_ folder: String) throws {
    for width in [60, 80, 100, 200] { checkWidth(try lab(["compare", folder], width: width), width, folder) }
  }

  /// A table of every recipe, published or not, over two seeds where it has any: with all its columns.
  @Test(arguments: [
    "table8", "table1", "figure19", "figure17", "figure4", "table2-resnet56", "table4", "figure7", "figure5",
    "figure14",
    "figure18",
  ]) func everyRecipeFits(_ recipe: String) throws {
    let folder = try TemporaryFolder()
    checkWidth(
      try lab(
        ["run", recipe, "--scale", "smoke", "--threads", "1", "--out", "r"].filter { argument in
          recipe != "figure17" || !["--threads", "1"].contains(argument)
        }, in: folder.url), 80, recipe)
    checkWidth(try lab(["compare", "r"], width: 132, in: folder.url), 132, recipe)
  }

  @Test func widerTerminalsAreUsed() throws {
    let folder = try #require(Self.published.first { $0.hasSuffix("table2-resnet56") })
    func widest(_ width: Int) throws -> Int {
      try lab(["compare", folder], width: width).split(separator: "\n").map(\.count).max() ?? 0
    }
    #expect(try widest(120) > 90)
  }

  @Test func listsShowsAndProbesFit() throws {
    checkWidth(try lab(["list"]), 80, "list")
    for recipe in ["table8", "table1", "figure4", "table2-resnet110", "table4", "figure18"] {
      checkWidth(try lab(["show", recipe]), 80, "show \(recipe)")
    }
    checkWidth(
      try lab(["probe", "resnet20", "--batch", "2", "--threads", "1", "--layers", "--methods", "idinit"]), 80, "probe")
  }

  /// Lists that are too long for a line are read back as they were.
  @Test func aListOverSeveralLinesIsStillTOML() throws {
    let folder = try TemporaryFolder()
    let shown = try lab(["show", "table2-resnet56"])
    #expect(shown.contains("methods = [\n  \"zero-gamma\""))
    _ = try folder.write(Array(shown.utf8), to: "mine.toml")
    #expect(try lab(["show", "mine.toml"], in: folder.url) == shown)
  }
}
