import Foundation
import Records
import Testing

@testable import Report

@Suite struct BarChartTests {
  private func rows(_ chart: BarChart) -> [JSONValue] { chart.spec["data"]?["values"]?.elements ?? [] }

  @Test func drawsMeanDeviationAndPaper() throws {
    let row = try #require(rows(SmallPlots.bars).first)
    #expect(abs((row["mean"]?.number ?? 0) - 0.92) < 1e-12)
    #expect(abs((row["high"]?.number ?? 0) - (0.92 + 0.0002.squareRoot())) < 1e-12)
    #expect(row["paper"]?.number == 0.9301)
    #expect(row["text"]?.text == "92.0 ± 1.4 %")
    #expect(SmallPlots.bars.legend.map(\.name) == ["IDInit", "Kaiming", "the paper"])
  }

  @Test func oneSeedHasNoErrorBar() {
    let row = rows(SmallPlots.bars)[1]
    #expect(row["low"] == .null && row["text"]?.text == "90.0 %" && row["paper"] == .null)
  }

  @Test func theLineCanBeTheSeedsRange() throws {
    var chart = SmallPlots.bars
    chart.spread = .range
    let row = try #require(rows(chart).first)
    #expect(row["low"]?.number == 0.91 && row["high"]?.number == 0.93)
    #expect(row["text"]?.text == "92.0 (91.0–93.0) %")
    #expect(rows(chart)[1]["text"]?.text == "90.0 %")
    #expect(
      chart.data.columns == ["category", "group", "test accuracy", "least", "greatest", "n", "not finite", "paper"])
  }

  @Test func oneGroupAloneHasNoLegend() {
    let chart = BarChart(axis: PlotAxis("loss"), bars: [.init(category: "a", group: "here", values: [1])])
    #expect(chart.legend.isEmpty)
  }

  @Test func barsBeginAtZeroAndFittedValuesArePoints() {
    func marks(_ baseline: BarChart.Baseline) -> [String] {
      var chart = SmallPlots.bars
      chart.baseline = baseline
      return chart.spec["layer"]?.elements?.compactMap { $0["mark"]?["type"]?.text } ?? []
    }
    #expect(marks(.zero).contains("bar"))
    #expect(!marks(.fitted).contains("bar"))
  }

  @Test func longNamesAreBrokenAndWhole() throws {
    let name = "ResNet-56 with batch normalisation on CIFAR-10, no warm-up, and " + String(repeating: "x", count: 90)
    let chart = BarChart(axis: PlotAxis("loss"), bars: [.init(category: name, group: "IDInit", values: [1])])
    let names = try #require(chart.spec["layer"]?.elements?.first { $0["mark"]?["type"] == "text" })
    let lines = try #require(names["data"]?["values"]?.elements?.first?["name"]?.elements).compactMap(\.text)
    #expect(lines.allSatisfy { $0.count <= 44 })
    #expect(lines.joined().filter { $0 != " " } == name.filter { $0 != " " })
  }

  @Test(arguments: [[Double.nan], [], [.infinity, .nan], [0], [1e308, -1e308]])
  func strangeValuesMakeASpecAllTheSame(_ values: [Double]) {
    for axis in [PlotAxis("loss"), PlotAxis("loss", scale: .log)] {
      for baseline in [BarChart.Baseline.zero, .fitted] {
        let chart = BarChart(
          axis: axis, bars: [.init(category: "a", group: "b", values: values, paper: .nan)], baseline: baseline)
        #expect(!chart.spec.line.contains("Infinity") && chart.data.rows.count == 1)
        #expect(chart.omissions.isEmpty == values.allSatisfy { $0.isFinite && (axis.scale == .linear || $0 > 0) })
      }
    }
  }

  @Test func noBarsAreNoError() {
    #expect(BarChart(axis: PlotAxis("loss"), bars: []).spec["data"]?["values"] == .array([]))
  }
}

@Suite struct HeatmapTests {
  @Test func keepsOrderAndSaysWhatHasNoColour() {
    let spec = SmallPlots.heatmap.spec
    #expect(spec["encoding"]?["x"]?["sort"] == ["0.1", "1"])
    #expect(spec["encoding"]?["y"]?["sort"] == ["0", "1e-4"])
    #expect(spec["data"]?["values"]?.elements?.map { $0["value"] ?? .null } == [0.9, 0.5, 0.8, .null])
    #expect(SmallPlots.heatmap.omissions == ["Without a colour, drawn as ×: 1 of 4 cells, not finite."])
  }

  @Test func aHoleIsNoCell() {
    var heatmap = SmallPlots.heatmap
    heatmap.values = [[0.9, nil], [0.8]]
    #expect(heatmap.data.rows.count == 2 && heatmap.omissions.isEmpty)
    // Its place is there all the same.
    #expect(heatmap.spec["encoding"]?["x"]?["scale"]?["domain"] == ["0.1", "1"])
  }
}

extension HeatmapTests {
  /// White on dark and black on light, by where the colour is on the whole scale.
  @Test func numbersContrastWithTheColoursOfAGivenScale() throws {
    var heatmap = SmallPlots.heatmap
    heatmap.value.domain = 0...1
    let numbers = try #require(heatmap.spec["layer"]?.elements?.first { $0["name"] == "cell_numbers" })
    #expect(numbers["encoding"]?["color"]?["condition"]?["test"] == "datum.value < 0.47")
  }
}

@Suite struct HistogramTests {
  @Test func countsEveryFiniteValueOnce() {
    let histogram = SmallPlots.histogram
    #expect(histogram.edges == [0, 0.5, 1, 1.5, 2])
    #expect(histogram.series.map(\.counts) == [[1, 1, 1, 0], [1, 0, 0, 1]])
    #expect(histogram.omissions == ["Left out of “after”: 1 of 3 values, not finite."])
  }

  @Test func equalAndHugeValuesHaveBins() {
    let equal = Histogram(x: PlotAxis("weight"), values: [("zeros", [0, 0, 0])], bins: 4)
    #expect(equal.series[0].counts.reduce(0, +) == 3)
    let huge = Histogram(x: PlotAxis("weight"), values: [("huge", [-1.7e308, 0, 1.7e308])], bins: 2)
    #expect(huge.series[0].counts == [1, 2] && huge.edges.allSatisfy(\.isFinite))
    #expect(Histogram(x: PlotAxis("weight"), values: [], bins: 0).data.rows.isEmpty)
  }
}

@Suite struct ScatterChartTests {
  @Test func leavesOutWhatHasNoPlace() {
    #expect(SmallPlots.scatter.spec["data"]?["values"]?.elements?.count == 1)
    #expect(
      SmallPlots.scatter.omissions
        == ["Left out of “IDInit”: 1 of 2 points, not finite, or not above 0 on a logarithmic axis."])
    #expect(SmallPlots.scatter.data.rows.count == 2)
  }
}

@Suite struct SurfaceChartTests {
  private func ground(_ chart: SurfaceChart) -> [JSONValue] {
    chart.spec["layer"]?.elements?.first { $0["mark"]?["type"] == "rect" }?["data"]?["values"]?.elements ?? []
  }

  /// Fourteen bands from 0 to 6. In the first column all three are in the lowest, one of them as −∞: one rectangle; in the
  /// second two are alike and one is a hole; in the third 4, 5 and 6 are apart.
  @Test func neighboursOfOneBandAreOneRectangle() {
    let cells = ground(SmallPlots.surface)
    #expect(cells.map { $0["left"]?.number } == [-0.5, 0.5, 1.5, 1.5, 1.5])
    #expect(cells.map { $0["bottom"]?.number } == [-0.5, -0.5, -0.5, 0.5, 1.5])
    #expect(cells.first?["top"]?.number == 2.5 && cells.first?["text"]?.text == "below 0.4286")
    #expect(cells.last?["text"]?.text == "5.571 to 6")
    #expect(SmallPlots.surface.omissions == ["Without a colour: 1 of 9 points, not finite."])
    #expect(SmallPlots.surface.data.rows.count == 9 + 5)
  }

  /// The area of all rectangles is that of the points that have a colour.
  @Test func nothingIsCoveredTwiceOrNotAtAll() throws {
    let places = (0..<12).flatMap { x in (0..<9).map { y in (Double(x), Double(y)) } }
    let surface = places.map { SurfaceChart.Sample($0, $1, sin($0) + cos($1)) }
    let bands = try #require(SurfaceBands(surface))
    let area = bands.cells.reduce(0) { $0 + ($1.right - $1.left) * ($1.top - $1.bottom) }
    #expect(abs(area - 12 * 9) < 1e-9 && bands.cells.count < 12 * 9)
    for sample in surface {
      let cell = bands.cells.filter {
        $0.left < sample.x && sample.x < $0.right && $0.bottom < sample.y && sample.y < $0.top
      }
      #expect(cell.count == 1)
      let band = try #require(cell.first).band
      #expect(band == 0 || bands.edges[band] <= sample.value)
      #expect(sample.value <= bands.edges[band + 1])
    }
  }

  @Test func pathsHaveTheirEnds() {
    let rows = SmallPlots.surface.spec["data"]?["values"]?.elements ?? []
    #expect(rows.map { $0["end"]?.text } == ["start", "", "end", "start", "end"])
    #expect(SmallPlots.surface.legend.map(\.name) == ["plain", "other", "the solution"])
  }

  @Test func noSurfaceIsNoError() {
    for surface in [[], [SurfaceChart.Sample(0, 0, 1)], [.init(0, 0, .nan), .init(1, 1, .nan)]] {
      var chart = SmallPlots.surface
      chart.surface = surface
      #expect(ground(chart).isEmpty && !chart.spec.line.contains("Infinity"))
    }
  }
}

@Suite struct NumberFormatTests {
  @Test(arguments: [
    (0.0, "0"), (1, "1"), (-2.5, "−2.5"), (1234.5678, "1235"), (0.012345, "0.01235"), (1e-5, "1e−5"),
    (123456, "1.23e5"), (.nan, "NaN"), (.infinity, "∞"), (-.infinity, "−∞"),
  ])
  func automaticIsShort(_ value: Double, _ text: String) {
    #expect(NumberFormat.automatic.text(value) == text)
  }

  @Test func othersHaveTheirDigits() {
    #expect(NumberFormat.percent(2).text(0.98321) == "98.32 %")
    #expect(NumberFormat.fixed(1).text(2) == "2.0")
    #expect(NumberFormat.scientific(2).text(0.000123) == "1.2e−04")
  }
}
