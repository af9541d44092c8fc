import Records
import Report
import Testing

@Suite struct LineChartTests {
  private func rows(_ chart: LineChart) -> [JSONValue] { chart.spec["data"]?["values"]?.elements ?? [] }

  private func chart(_ points: [LineChart.Point], y: PlotAxis = PlotAxis("loss"), band: LineChart.Band = .range)
    -> LineChart
  {
    LineChart(x: PlotAxis("step"), y: y, series: [.init("IDInit", points)], band: band)
  }

  @Test func drawsTheMeanOfSeedsAndTheirRange() throws {
    let row = try #require(rows(chart([.init(3, [1, 2, 6])])).first)
    #expect(row["x"]?.number == 3)
    #expect(abs((row["mean"]?.number ?? 0) - 3) < 1e-15)
    #expect(row["low"]?.number == 1 && row["high"]?.number == 6 && row["n"]?.integer == 3)
  }

  @Test func drawsOneDeviationToBothSides() throws {
    // 1, 2, 6: mean 3, squares 4 + 1 + 9 over 2 are 7.
    let row = try #require(rows(chart([.init(0, [1, 2, 6])], band: .standardDeviation)).first)
    #expect(abs((row["low"]?.number ?? 0) - (3 - 7.0.squareRoot())) < 1e-14)
    #expect(abs((row["high"]?.number ?? 0) - (3 + 7.0.squareRoot())) < 1e-14)
  }

  @Test func onALogarithmicAxisABandEndsAtTheLeastSeed() throws {
    let axis = PlotAxis("loss", scale: .log)
    // Mean 3.367 and deviation 5.7: one deviation below is no place on the axis.
    let row = try #require(rows(chart([.init(0, [0.05, 0.05, 10])], y: axis, band: .standardDeviation)).first)
    #expect(row["low"]?.number == 0.05)
  }

  @Test func oneValueAPointHasNoBand() {
    let single = chart([.init(0, 1), .init(1, 2)])
    #expect(rows(single).allSatisfy { $0["low"] == nil && $0["n"] == nil })
    #expect(single.spec["layer"]?.elements?.contains { $0["mark"]?["type"] == "area" } == false)
    #expect(single.data.columns == ["series", "step", "loss"])
  }

  /// Where all begin at 0 on a logarithmic axis, one sentence says so of all.
  @Test func whatIsLeftOutOfManyIsOneSentence() {
    let chart = LineChart(
      x: PlotAxis("step"), y: PlotAxis("distance", scale: .log),
      series: [
        .init("a", [.init(0, 0), .init(1, 1)]), .init("b", [.init(0, 1), .init(1, 2)]),
        .init("c", [.init(0, 0), .init(1, 3)]), .init("d", [.init(0, 0), .init(1, 0)]),
      ])
    #expect(
      chart.omissions == [
        "Left out of each of “a”, “c”: 1 of 2 values, not finite, or not above 0 on a logarithmic axis.",
        "Left out of “d”: 2 of 2 values, not finite, or not above 0 on a logarithmic axis.",
      ])
  }

  @Test func whatIsNotFiniteIsLeftOutAndSaid() throws {
    let chart = chart([.init(0, [1, .nan]), .init(1, [.infinity, .nan]), .init(2, [3, 5])])
    let rows = rows(chart)
    #expect(rows.map { $0["mean"] ?? .null } == [.double(1), .null, .double(4)])
    let sentence = try #require(chart.omissions.first)
    #expect(sentence.contains("3 of 6 values") && sentence.contains("“IDInit”") && sentence.contains("not finite"))
    // The table says how many, too.
    #expect(chart.data.rows.map { $0.last } == [.int(1), .int(2), .int(0)])
  }

  @Test func zeroIsNoPlaceOnALogarithmicAxis() {
    let axis = PlotAxis("loss", scale: .log)
    let chart = chart([.init(0, 0), .init(1, -1), .init(2, 5)], y: axis)
    #expect(rows(chart).map { $0["mean"] ?? .null } == [.null, .null, .double(5)])
    #expect(chart.omissions.count == 1 && chart.omissions[0].contains("2 of 3"))
  }

  @Test func pointsAreInOrderOfX() {
    #expect(rows(chart([.init(5, 1), .init(1, 2), .init(3, 3)])).compactMap { $0["x"]?.number } == [1, 3, 5])
  }

  @Test func aReferenceHasItsSeriesColourAndIsInTheLegend() throws {
    let chart = SmallPlots.line
    #expect(chart.legend.map(\.name) == ["IDInit", "Kaiming", "paper: 95.0 %"])
    #expect(chart.legend.map(\.isSeries) == [true, true, false])
    let rule = try #require(chart.spec["layer"]?.elements?.first { $0["mark"]?["type"] == "rule" })
    #expect(rule["data"]?["values"]?.elements?.first?["color"]?.text == Palette.series[0].published)
  }

  @Test func referencesTooNearToEachOtherHaveNoLabelInThePlot() throws {
    var chart = chart([.init(0, 0), .init(1, 100)])
    chart.references = [.init("one", 50), .init("near it", 50.5), .init("far", 80)]
    let labels = try #require(chart.spec["layer"]?.elements?.first { $0["mark"]?["type"] == "text" })
    #expect(labels["data"]?["values"]?.elements?.compactMap { $0["label"]?.text } == ["far"])
    #expect(chart.legend.count == 4)
  }

  @Test func aReferenceThatIsNoNumberIsNotDrawnAndSaid() {
    var chart = chart([.init(0, 1)])
    chart.references = [.init("paper", .nan)]
    #expect(chart.legend.count == 1)
    #expect(chart.omissions == ["Not drawn: “paper” (NaN), not finite."])
  }

  @Test func hugeValuesHaveAFiniteMean() throws {
    let row = try #require(rows(chart([.init(0, [1e308, 1.5e308])])).first)
    #expect(row["mean"]?.number == 1.25e308)
  }

  @Test func logarithmicAxesAreMarkedAtPowersOfTen() throws {
    func marks(_ values: [Double]) throws -> [Double] {
      let chart = chart(values.enumerated().map { .init(Double($0), $1) }, y: PlotAxis("loss", scale: .log))
      let lines = try #require(chart.spec["layer"]?.elements?.first { $0["mark"]?["type"] == "line" })
      return lines["encoding"]?["y"]?["axis"]?["values"]?.elements?.compactMap(\.number) ?? []
    }
    #expect(try marks([0.002, 3]) == [0.001, 0.01, 0.1, 1, 10])
    #expect(try marks([0.5, 30]) == [0.1, 1, 10, 100])
    #expect(try marks([2, 30]) == [1, 2, 5, 10, 20, 50, 100])
    #expect(try marks([1e-300, 1e300]).count <= 8)
  }

  @Test func thereIsNoHalfOfAnEpoch() throws {
    func step(_ xs: [Double]) throws -> JSONValue? {
      let chart = chart(xs.map { .init($0, 1) })
      let lines = try #require(chart.spec["layer"]?.elements?.first { $0["mark"]?["type"] == "line" })
      return lines["encoding"]?["x"]?["axis"]?["tickMinStep"]
    }
    #expect(try step([0, 1, 2]) == 1)
    #expect(try step([0, 0.5, 1]) == nil)
    let axis = try #require(chart([.init(1, 1), .init(3, 1)]).spec["layer"]?.elements?.first)["encoding"]?["x"]?["axis"]
    #expect(axis?["tickCount"]?["expr"] == "min(max(2, ceil(width / 90)), 2)")
  }
}
