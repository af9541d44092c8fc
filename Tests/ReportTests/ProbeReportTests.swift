import Foundation
import Records
import Report
import Testing

@Suite struct ProbeReportTests {
  private func figure(_ id: String) throws -> Figure {
    try #require(ReportSection(SmallProbe.report()).figures.first { $0.id == id })
  }

  private func lines(_ id: String) throws -> [LineChart.Series] { try #require(figure(id).plot as? LineChart).series }

  @Test func verdictsAreWords() throws {
    let section = ReportSection(try SmallProbe.report())
    #expect(section.id == "probe-blocks2")
    let cells = try #require(section.table).cells
    #expect(cells.count == 22)
    #expect(cells[0] == ["signal", "kaiming", "bad", "the signal grows"])
    #expect(cells[1] == ["signal", "idinit", "good", "the signal grows"])
    #expect(cells.last == ["new", "idinit", "fair", "a probe of tomorrow"])
    #expect(section.commands == ["idinit-lab probe blocks2 --seed 7 --json > blocks2.json"])
    #expect(section.notes.first?.hasPrefix("32 examples of noise; seed 7.") == true)
  }

  @Test func signalAndGradientAreRelativeToWhereTheyEnter() throws {
    let growth = try lines("growth")
    #expect(
      growth.map(\.name) == ["kaiming, signal", "kaiming, gradient", "idinit, signal", "idinit, gradient"])
    // The main path: stem, the first layer of each block, head. Five layers at a factor of ten each.
    #expect(growth[0].points.map(\.x) == [1, 2, 4, 6])
    let expected: [[Double]] = [[1, 10, 1000, 100_000], [100_000, 10_000, 100, 1], [1, 1, 1, 1], [1, 1, 1, 1]]
    for (line, sizes) in zip(growth, expected) {
      let ratios = zip(line.points.flatMap(\.values), sizes).map { $0 / $1 }
      #expect(ratios.count == 4 && ratios.allSatisfy { abs($0 - 1) < 1e-12 }, "\(line)")
    }
    #expect(try figure("growth").altText.contains("From kaiming the signal ends at ×1e+05"))
  }

  @Test func whatIsWithinBlocksIsApart() throws {
    #expect(try lines("signal-stems")[0].points.map(\.x) == [3, 5])
    #expect(try lines("signal")[0].points.map(\.x) == [1, 2, 4, 6])
    let chart = try #require(figure("gradient").plot as? LineChart)
    #expect(chart.y.scale == .log && chart.series.map(\.name) == ["kaiming", "idinit"])
    // Standard deviations and means as they were measured; a mean may be negative.
    #expect(try lines("signal")[0].points.map(\.values) == [[1], [10], [1000], [100_000]])
    #expect(try lines("gradient")[1].points.map(\.values) == [[3], [3], [3], [3]])
    #expect(try lines("mean")[0].points.map(\.values) == [[0], [-0.25], [-0.75], [-1.25]])
    #expect((try figure("mean").plot as? LineChart)?.y.scale == .linear)
  }

  @Test func everySizeOfNoiseHasALine() throws {
    let noise = try lines("noise")
    #expect(
      noise.map(\.name) == ["kaiming, noise 0", "kaiming, noise 0.5", "idinit, noise 0", "idinit, noise 0.5"])
    #expect(noise[1].points.map(\.x) == [1, 2, 4, 6])
    #expect(noise[3].points.map(\.values) == [[1.5], [1.5], [1.5], [1.5]])
  }

  @Test func theSweepIsALossByRate() throws {
    let chart = try #require(figure("rate").plot as? LineChart)
    #expect(chart.x.scale == .log && chart.series.map(\.name) == ["kaiming", "idinit"])
    #expect(chart.series[0].points.map(\.x) == [0.1, 1] && chart.series[0].points[0].values == [0.5])
    #expect(!chart.omissions.isEmpty, "the loss that is not a number is counted")
    #expect(try figure("rate").caption.contains("kaiming 0.1, idinit 0.1"))
  }

  @Test func whatIsCountedByPartIsDrawn() throws {
    #expect(try lines("gradient-norms")[0].points == [.init(1, 2), .init(2, 10)])
    #expect(try lines("unmoved")[1].points == [.init(1, 1), .init(2, 0.25)])
    let bars = try #require(figure("distances").plot as? BarChart).bars
    #expect(bars.map(\.category) == ["layers of 4×4", "layers of 4×4"] && bars[0].values == [0.125])
    let map = try #require(figure("weights-kaiming").plot as? Heatmap)
    #expect(map.rows == ["stem.weight"] && map.values == [[0.25, nil, 0.75]])
    #expect(map.columns == ["-0.667", "0", "0.667"])
  }

  @Test func aNetworkWithoutModulesIsOnePath() throws {
    var text = SmallProbe.json.pretty
    for (index, layer) in SmallProbe.layers.enumerated() {
      text = text.replacing("\"\(layer)\"", with: "\"fc\(index + 1)\"")
    }
    let figures = ReportSection(try ProbeReport(parsing: Data(text.utf8))).figures
    #expect(figures.map(\.id).filter { $0.hasSuffix("stems") }.isEmpty)
    let chart = try #require(figures.first { $0.id == "signal" }?.plot as? LineChart)
    #expect(chart.series[0].points.count == 6)
  }

  @Test func singularValuesAreSortedAndZerosCounted() throws {
    let series = try lines("jacobian")
    #expect(series[1].points == [.init(1, [4, 2]), .init(2, [1, 1])])
    #expect(try figure("jacobian").caption.contains("not drawn: 2 of 6 from kaiming, 2 of 6 from idinit."))
    #expect(try figure("jacobian").caption.contains("kaiming 100, idinit 1."))
  }

  @Test func ranksAreShares() throws {
    #expect(try lines("rank")[0].points == [.init(1, 0.75), .init(2, 1), .init(3, 0.5)])
    #expect(try lines("residual-rank")[0].points == [.init(2, 0.25), .init(3, 1)])
  }

  @Test func copiesAndZerosAreShares() throws {
    let bars = try #require(figure("shares").plot as? BarChart).bars
    #expect(bars.map { $0.values[0] } == [0.25, 0.25, 0.5, 0.5, 0, 0, 0.75, 0.75])
    #expect(bars.map(\.group) == ["kaiming", "idinit", "kaiming", "idinit", "kaiming", "idinit", "kaiming", "idinit"])
  }

  @Test func whatWasNotProbedIsNotDrawn() throws {
    var json = SmallProbe.json
    var method = json["methods"]?.elements?.first ?? .null
    method["probes"] = .object((method["probes"]?.members ?? []).filter { $0.key == "weights" })
    json["methods"] = .array([method])
    let section = ReportSection(try ProbeReport(parsing: Data(json.line.utf8)))
    #expect(section.figures.map(\.id) == ["shares", "weights-kaiming"] && section.table?.rows.count == 1)
  }

  /// What is wrong, where, and what was expected.
  @Test(arguments: [
    ("\"network\": \"blocks2\"", "\"network\": 2", "network: expected a string, found 2"),
    ("\"batch\": 32", "\"batch\": 0.5", "batch: expected a whole number, found 0.5"),
    (
      "\"seed\": 7", "\"sead\": 7",
      "expected a member seed, found an object with network, data, command, batch, sead, methods"
    ),
    (
      "\"verdict\": \"bad\"", "\"verdict\": \"awful\"",
      "methods[0].probes.signal.verdict: expected one of good, fair, bad, not judged, found \"awful\""
    ),
    ("\"rms\": 2.0", "\"rms\": \"2\"", "methods[0].probes.signal.rows[0].rms: expected a number, found \"2\""),
    (
      "\"residualRank\": null", "\"residualRank\": []",
      "methods[0].probes.rank.rows[0].residualRank: expected a number, found a list of 0"
    ),
    ("\"chi\":", "\"khi\":", "methods[0].probes.jacobian.summary: expected a member chi, found an object with khi"),
    ("\"rows\":", "\"lines\":", "methods[0].probes.signal: expected a member rows, found an object with "),
  ])
  func aBrokenFileSaysWhere(_ right: String, _ wrong: String, _ sentence: String) throws {
    let text = SmallProbe.json.pretty
    let range = try #require(text.range(of: right))
    let error = #expect(throws: ProbeFileError.self) {
      try ProbeReport(parsing: Data(text.replacingCharacters(in: range, with: wrong).utf8))
    }
    #expect(error?.description.hasPrefix(sentence) == true, "\(String(describing: error))")
  }

  @Test func otherTextIsRefused() {
    for text in [
      "", "hello", "[]",
      "{\"network\": \"a\", \"data\": \"\", \"command\": \"\", \"batch\": 1, \"seed\": 0, \"methods\": []}",
    ] {
      #expect(throws: ProbeFileError.self) { try ProbeReport(parsing: Data(text.utf8)) }
    }
  }

  /// A start that gave NaN is drawn as far as it can be, in each figure of what is NaN.
  @Test(arguments: [("\"rms\": 2.0", "growth"), ("\"std\": 1.0", "signal")])
  func notANumberIsANumber(_ number: String, _ id: String) throws {
    let text = SmallProbe.json.pretty
    #expect(text.contains(number))
    let cell = number.prefix { $0 != ":" }
    let section = ReportSection(try ProbeReport(parsing: Data(text.replacing(number, with: "\(cell): \"NaN\"").utf8)))
    let figures = section.figures.filter { ["growth", "signal"].contains($0.id) }
    #expect(figures.count == 2)
    for figure in figures { #expect(figure.plot.omissions.isEmpty == (figure.id != id), "\(figure.id)") }
  }
}
