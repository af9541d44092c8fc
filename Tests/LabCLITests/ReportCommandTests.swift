import Foundation
import TestSupport
import Testing

@Suite struct ReportCommandTests {
  private func lab(_ arguments: [String], in folder: URL) throws -> ProgramResult {
    try TestSupport.run(ResumeTests.binary, arguments, in: folder)
  }

  /// The page has what `compare` prints, from records and from what was published of them.
  @Test func aPageOfRunsAndOfPublishedResults() throws {
    let folder = try TemporaryFolder()
    let ran = try lab(
      [
        "run", "table8", "--scale", "smoke", "--variant", "relu", "--seeds", "0,1", "--out", "r", "--results",
        "Results",
      ], in: folder.url)
    #expect(ran.status == 0, "\(ran.standardError)")
    var pages: [String] = []
    for source in ["r", "Results"] {
      let made = try lab(["report", source, "-o", "page.html", "--no-plots", "--title", "A <b> & c"], in: folder.url)
      #expect(made.status == 0, "\(made.standardError)")
      #expect(made.standardOutput == "page.html: 1 experiment, 4 figures as tables\n")
      pages.append(try String(contentsOfFile: folder.path("page.html"), encoding: .utf8))
    }
    // Only the names of the folders differ, and none is on the page.
    let lines = pages.map { $0.split(separator: "\n") }
    #expect(lines[0].count == lines[1].count)
    for (one, other) in zip(lines[0], lines[1]) where one != other { #expect(one == other) }
    for part in [
      "A &lt;b&gt; &amp; c", "Linear-5 on MNIST", "Test accuracy", "<span>table8</span>", "libtorch",
      "The paper gives no batch size: 128.", "Test accuracy at the end", "What parameters start from",
    ] {
      #expect(pages[0].contains(part), "\(part)")
    }
    #expect(!pages[0].contains(folder.url.lastPathComponent))
  }

  @Test func withoutVlConvertItSaysSoAndWritesTables() throws {
    let folder = try TemporaryFolder()
    let ran = try lab(
      ["run", "table8", "--scale", "smoke", "--variant", "relu", "--method", "idinit", "--seeds", "0", "--out", "r"],
      in: folder.url)
    #expect(ran.status == 0, "\(ran.standardError)")
    let made = try TestSupport.run(
      ResumeTests.binary, ["report", "r"], environment: ["IDINIT_PYTHON": folder.path("no-python")], in: folder.url)
    #expect(made.status == 0, "\(made.standardError)")
    #expect(made.standardError.hasPrefix("idinit-lab: no plots: "), "\(made.standardError)")
    #expect(made.standardError.split(separator: "\n").count == 1)
    #expect(made.standardOutput == "report.html: 1 experiment, 4 figures as tables\n")
    #expect(FileManager.default.fileExists(atPath: folder.path("report.html")))
    let missing = try lab(["report", "nothing"], in: folder.url)
    #expect(missing.status == 66)
  }

  /// What `probe` prints is what `report` reads, and every table is a file.
  @Test func aPageOfAProbe() throws {
    let folder = try TemporaryFolder()
    let probed = try lab(
      [
        "probe", "linear5-tanh", "--methods", "xavier,idinit", "--probes",
        "start,signal,jacobian,rank,replicas,weights",
        "--batch", "4", "--threads", "1", "--json",
      ], in: folder.url)
    #expect(probed.status == 0, "\(probed.standardError)")
    _ = try folder.write(Array(probed.standardOutput.utf8), to: "probe.json")
    let made = try lab(
      ["report", "probe.json", "-o", "page.html", "--no-plots", "--csv", "tables"], in: folder.url)
    #expect(made.status == 0, "\(made.standardError)")
    #expect(made.standardOutput == "page.html: 1 probe, 11 figures as tables\n")
    let page = try String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
    #expect(page.contains("<title>How linear5-tanh starts from xavier and idinit</title>"))
    for part in ["linear5-tanh at its start", "Singular values of the Jacobian", "Made by idinit-lab from 1 probe."] {
      #expect(page.contains(part), "\(part)")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("tables"))
    #expect(files.count == 12 && files.contains("probe-linear5-tanh-growth.csv"), "\(files)")
    let verdicts = try String(contentsOfFile: folder.path("tables/probe-linear5-tanh-results.csv"), encoding: .utf8)
    #expect(verdicts.hasPrefix("probe,start,verdict,finding,"))
    #expect(verdicts.contains(#/\njacobian,idinit,(good|fair|bad),"?χ = /#))
  }

  @Test func aBrokenProbeFileIsOneLine() throws {
    let folder = try TemporaryFolder()
    for (text, problem) in [
      ("hello", "broken.json is not JSON: line 1, column 1"),
      ("{\"network\": 3}", "broken.json, at network: expected a string"),
    ] {
      _ = try folder.write(Array(text.utf8), to: "broken.json")
      let refused = try lab(["report", "broken.json"], in: folder.url)
      #expect(refused.status == 65 && refused.standardError.contains(problem), "\(refused.standardError)")
      #expect(refused.standardError.split(separator: "\n").count == 1)
      #expect(!FileManager.default.fileExists(atPath: folder.path("report.html")))
    }
    #expect(try lab(["report", "x", "--svg", "y", "--no-plots"], in: folder.url).status == 64)
  }
  /// In the order of `list`, not of the folders' names or of the command line.
  @Test func experimentsAreInTheOrderOfTheList() throws {
    let folder = try TemporaryFolder()
    for (recipe, out) in [("figure17", "a"), ("figure13", "b"), ("table8", "c")] {
      let ran = try lab(["run", recipe, "--scale", "smoke", "--out", "r/\(out)"], in: folder.url)
      #expect(ran.status == 0, "\(ran.standardError)")
    }
    let listed = try lab(["list"], in: folder.url).standardOutput
    let order = try ["table8", "figure13", "figure17"].map { id in
      (id: id, place: try #require(listed.range(of: #"(?m)^\s*\#(id)\b"#, options: .regularExpression)).lowerBound)
    }
    #expect(order.map(\.place) == order.map(\.place).sorted())
    let made = try lab(["report", "r", "-o", "page.html", "--no-plots"], in: folder.url)
    #expect(made.status == 0, "\(made.standardError)")
    let page = try String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
    let sections = page.matches(of: /<h2 id="([a-z0-9]+)">/).map { String($0.output.1) }
    #expect(sections.filter { id in order.contains { $0.id == id } } == order.map(\.id))
  }

  /// What, where, why, and what to do, in one line; and nothing is left.
  @Test(arguments: [
    (["-o", "none/page.html"], "none/page.html: cannot create: No such file or directory; choose another --output"),
    (["-o", "."], "cannot create: it is a folder; choose another --output"),
    (["--csv", "broken.json"], "broken.json: there is a file of that name; choose another --csv"),
    (["--csv", "broken.json/tables"], "broken.json/tables: Not a directory; choose another --csv"),
  ])
  func whatCannotBeWrittenIsSaid(_ options: [String], _ problem: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Array("x".utf8), to: "broken.json")
    let ran = try lab(["run", "figure17", "--scale", "smoke", "--out", "r"], in: folder.url)
    #expect(ran.status == 0, "\(ran.standardError)")
    let refused = try lab(["report", "r", "--no-plots"] + options, in: folder.url)
    #expect(refused.status == 73, "\(refused.standardError)")
    #expect(refused.standardError.hasSuffix(problem + "\n"), "\(refused.standardError)")
    #expect(refused.standardError.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path("report.html")))
    let stopped = try lab(
      ["run", "figure17", "--scale", "smoke", "--out", "broken.json/r"], in: folder.url)
    #expect(stopped.status == 73)
    #expect(stopped.standardError.contains("Not a directory; choose another --out"), "\(stopped.standardError)")
  }
}
