import Foundation
import Records
import Report
import Testing

/// The figures that recipes have of their own: what they draw, in numbers made by hand.
@Suite struct ExperimentFigureTests {
  typealias Run = MeasuredRuns.Run

  private func group(_ labels: Row, _ runs: [Run], settings: JSONValue = .object([])) -> MeasuredRuns.Group {
    MeasuredRuns.Group(labels: labels, runs: runs, settings: settings)
  }

  private func ended(_ accuracies: Double...) -> [Run] {
    accuracies.map { Run(metrics: [], results: ["testAccuracy": .double($0)]) }
  }

  private func rows(_ figure: Figure) -> [JSONValue] { figure.spec["data"]?["values"]?.elements ?? [] }

  @Test func barsHaveTheSeedsRangeAndThePapersNumber() throws {
    let runs = MeasuredRuns(
      recipe: "table8",
      groups: [
        group(["variant": "tanh", "method": "default"], ended(0.5, 0.6, 0.9)),
        group(
          ["variant": "tanh", "method": "idinit"],
          ended(0.8) + [Run(metrics: [], results: ["testAccuracy": 0.1], isFinished: false)]),
      ], paper: [.init(["tanh", "default"], 98.26, "98.26 %"), .init(["relu", "default"], 98.21, "98.21 %")])
    let figure = try #require(runs.figures.first)
    let bars = rows(figure)
    #expect(bars.map { $0["category"]?.text } == ["default", "idinit"])
    #expect(abs((bars[0]["mean"]?.number ?? 0) - 2.0 / 3) < 1e-15)
    #expect(bars[0]["low"]?.number == 0.5 && bars[0]["high"]?.number == 0.9)
    #expect(bars[0]["text"]?.text == "66.7 (50.0–90.0) %")
    #expect(abs((bars[0]["paper"]?.number ?? 0) - 0.9826) < 1e-15 && bars[1]["paper"] == .null)
    // What a diverged run leaves is no result, and one seed has no range.
    #expect(bars[1]["mean"]?.number == 0.8 && bars[1]["text"]?.text == "80.0 %" && bars[1]["low"] == .null)
    #expect(figure.caption.contains("1 of 2 seeds of idinit"))
    #expect(figure.altText.contains("default 66.7 % (the paper 98.3 %)"))
    #expect(figure.plot.legend.map(\.name) == ["here", "the paper"])
    #expect(figure.plot.data.columns.contains("greatest") && !figure.plot.data.columns.contains("std"))
  }

  @Test func whatHasMoreValuesIsWrittenOut() throws {
    func chart(_ labels: [(String, String)]) throws -> BarChart {
      let groups = labels.map { group(["variant": .string($0.0), "method": .string($0.1)], ended(0.5)) }
      return try #require(MeasuredRuns(recipe: "table2-resnet56", groups: groups).figures.first?.plot as? BarChart)
    }
    let wide = try chart([("sgd", "a"), ("sgd", "b"), ("sgd", "c"), ("adam", "a"), ("adam", "b"), ("adam", "c")])
    #expect(Set(wide.bars.map(\.category)) == ["a", "b", "c"] && Set(wide.bars.map(\.group)) == ["sgd", "adam"])
    let square = try chart([("tanh", "a"), ("tanh", "b"), ("relu", "a"), ("relu", "b")])
    #expect(Set(square.bars.map(\.category)) == ["tanh", "relu"] && Set(square.bars.map(\.group)) == ["a", "b"])
  }

  @Test func aLimitOfThePaperIsASentenceAndNoMark() throws {
    func run(_ share: Double) -> [Run] { [Run(metrics: [], results: ["unmoved": .double(share)])] }
    let runs = MeasuredRuns(
      recipe: "figure5", groups: [group(["method": "idinit-zero"], run(0.92)), group(["method": "idinit"], run(0))],
      paper: [.init(["idinit-zero"], 0.5, "> 50 %"), .init(["idinit"], 0, "0 %")])
    let figure = try #require(runs.figures.first)
    #expect(rows(figure).map { $0["paper"] ?? .null } == [.null, .double(0)])
    #expect(figure.caption.contains("The paper: > 50 % from idinit-zero."))
  }

  @Test func blocksThatDidNotMoveAreAMap() throws {
    func run(_ shares: Double...) -> [Run] {
      [
        Run(
          metrics: [],
          results: [
            "unmoved.layer1.0.conv2.weight": .double(shares[0]), "unmoved.layer1.1.conv2.weight": .double(shares[1]),
            "unmoved": 0.5,
          ])
      ]
    }
    let groups = [group(["method": "a"], run(1, 0.5)), group(["method": "b"], run(0, 0.25))]
    let figure = try #require(
      MeasuredRuns(recipe: "figure5", groups: groups).figures.first { $0.id == "unmoved-blocks" })
    let map = try #require(figure.plot as? Heatmap)
    #expect(map.rows == ["a", "b"] && map.columns == ["layer1.0", "layer1.1"])
    #expect(map.values == [[1, 0.5], [0, 0.25]])
    #expect(map.value.domain == 0...1)
  }

  /// A grid of learning rate by weight decay, from two starts.
  private func grid(decays: [Double]) -> MeasuredRuns {
    let points = [0.1, 1.0].flatMap { rate in decays.map { (rate, $0) } }
    let groups = ["kaiming", "idinit"].flatMap { method in
      points.map { rate, decay in
        group(
          ["learningRate": .double(rate), "weightDecay": .double(decay), "method": .string(method)],
          rate == 1 && method == "kaiming"
            ? [Run(metrics: [], isFinished: false)] : ended(rate / 2 + decay, rate / 2 + decay + 0.2))
      }
    }
    return MeasuredRuns(recipe: "figure18", groups: groups, paper: [.init(["0.1", "0.001", "idinit"], 94, "94 %")])
  }

  @Test func aGridIsAMapForEachStartWithOneScale() throws {
    let figures = grid(decays: [0.01, 0.001]).figures
    #expect(figures.map(\.title) == ["Test accuracy from kaiming", "Test accuracy from idinit"])
    let maps = figures.compactMap { $0.plot as? Heatmap }
    #expect(maps.allSatisfy { $0.columns == ["0.1", "1"] && $0.rows == ["0.001", "0.01"] })
    #expect(abs((maps[1].values[1][0] ?? 0) - 0.16) < 1e-12)
    // All seeds diverged: a cross, and no hole.
    #expect(maps[0].values[0][1]?.isNaN == true && figures[0].caption.contains("×"))
    #expect(maps[0].value.domain == maps[1].value.domain)
    #expect(figures[1].altText.contains("at 1, weight decay 0.01"))
    #expect(figures.allSatisfy { $0.caption.contains("94 % (0.1, 0.001, idinit)") })
  }

  @Test func aGridOfOneDecayIsOneMap() throws {
    let figures = grid(decays: [0.001]).figures
    let map = try #require(figures.first?.plot as? Heatmap)
    #expect(figures.count == 1 && map.rows == ["kaiming", "idinit"] && map.columns == ["0.1", "1"])
    #expect(figures[0].title == "Test accuracy by learning rate, weight decay 0.001")
  }

  @Test func histogramsShareBinsAndColours() throws {
    func run(_ histograms: [Int]...) -> [Run] {
      [
        Run(
          metrics: histograms.enumerated().map { epoch, bins in
            ["epoch": .int(epoch), "histogram": .array(bins.map(JSONValue.int))]
          })
      ]
    }
    let settings: JSONValue = ["histogram": ["range": 1.0]]
    let runs = MeasuredRuns(
      recipe: "figure14",
      groups: [
        group(
          ["method": "kaiming"], run([0, 1, 3, 0], [0, 2, 2, 0]) + run([0, 1, 3, 0], [0, 2, 2, 0]), settings: settings),
        group(["method": "idinit"], run([0, 4, 0, 0], [0, 4, 0, 0]), settings: settings),
      ])
    let maps = runs.figures.prefix(2).compactMap { $0.plot as? Heatmap }
    // Four bins from −1 to 1; the outermost are empty everywhere.
    #expect(maps.count == 2 && maps.allSatisfy { $0.columns == ["−0.25", "0.25"] && $0.rows == ["0", "1"] })
    #expect(maps[0].values == [[0.25, 0.75], [0.5, 0.5]])
    #expect(maps[1].values == [[1, nil], [1, nil]])
    #expect(maps.allSatisfy { $0.value.domain == 0.25...1 && $0.value.scale == .log })
    #expect(runs.figures[1].altText.contains("100 % are about −0.25"))
  }

  @Test func longTrainingsAreThinnedToTheirEnds() throws {
    let metrics = (0...200).map { Row([.init("epoch", .int($0)), .init("histogram", [1, 1])]) }
    let runs = MeasuredRuns(recipe: "figure14", groups: [group(["method": "idinit"], [Run(metrics: metrics)])])
    let map = try #require(runs.figures.first?.plot as? Heatmap)
    #expect(map.rows.count == 20 && map.rows.first == "0" && map.rows.last == "200")
  }

  private func curve(_ cell: String, _ values: [Double], by step: String = "step", results: Row = [:]) -> Run {
    Run(
      metrics: values.enumerated().map { Row([.init(step, .int($0)), .init(cell, .double($1))]) }, results: results)
  }

  @Test func ranksHaveTheirLimit() throws {
    let groups = ["a", "b"].map { method in
      group(["method": .string(method)], [curve("residualRank", [0, 10, 20], results: ["inputs": 784])])
    }
    let chart = try #require(MeasuredRuns(recipe: "figure4", groups: groups).figures.first?.plot as? LineChart)
    #expect(chart.references == [.init("D_0", 784)])
  }

  @Test func thePapersEndsAreLevels() throws {
    let runs = MeasuredRuns(
      recipe: "figure17",
      groups: [
        group(["variant": "plain"], [curve("product", [1, 2])]),
        group(["variant": "residual"], [curve("product", [0, 1])]),
      ], paper: [.init(["plain"], 2.19, "w1·w2 = 2.19")])
    let chart = try #require(runs.figures.first?.plot as? LineChart)
    #expect(chart.references == [.init("the paper, plain", 2.19, series: "plain")])
    #expect(chart.y.title == "w1·w2")
  }

  @Test func manyGroupsArePartedByTheLabelsInWhichTheyDiffer() {
    let groups = ["fc", "conv"].flatMap { network in
      ["input", "weights"].flatMap { variant in
        (0..<4).map { index in
          group(
            ["network": .string(network), "variant": .string(variant), "noise": .int(index), "method": "idinit"],
            [curve("std", [1, 100], by: "depth")])
        }
      }
    }
    let figures = MeasuredRuns(recipe: "figure13", groups: groups).figures
    #expect(
      figures.map(\.title) == [
        "Standard deviation of activations, network fc", "Standard deviation of activations, network conv",
      ])
    #expect(figures.allSatisfy { ($0.plot as? LineChart)?.series.count == 8 })
  }

  @Test func preTrainingIsDrawnOverStepsAndOperations() throws {
    let metrics = (0...3).map { epoch -> Row in
      var row: Row = ["epoch": .int(epoch)]
      if epoch > 0 { row["trainLoss"] = .double(10 - Double(epoch)) }
      row["testLoss"] = .double(11 - Double(epoch))
      return row.appending(["step": .int(50 * epoch), "flops": .double(1e12 * Double(epoch))])
    }
    let figures = MeasuredRuns(
      recipe: "figure9-bert", groups: [.init(labels: ["method": "idinit"], runs: [.init(metrics: metrics)])]
    ).figures
    #expect(figures.map(\.id) == ["trainLoss-flops", "trainLoss-step", "testLoss-step"])
    let charts = try figures.map { try #require($0.plot as? LineChart) }
    #expect(charts.map(\.x.title) == ["floating-point operations", "step", "step"])
    #expect(charts.map { $0.series[0].points.map(\.x) } == [[1e12, 2e12, 3e12], [50, 100, 150], [0, 50, 100, 150]])
  }

  @Test func whatIsNotKnownHasItsCurves() {
    let groups = [group(["method": "idinit"], [curve("testAccuracy", [0.1, 0.5], by: "epoch")])]
    // No recipe of ours; and one of ours whose runs have nothing for its own figures.
    for recipe in ["figure99", "figure18", "figure5"] {
      #expect(MeasuredRuns(recipe: recipe, groups: groups).figures.map(\.title) == ["Test accuracy"])
    }
    #expect(MeasuredRuns(recipe: "figure99", groups: []).figures.isEmpty)
  }

  @Test func plansAreCountedOncePerKind() throws {
    let identity: [Row] = [["role": "first", "rule": "idi", "gain": 1.5, "epsilon": .null, "tensors": 1, "values": 12]]
    let other: [Row] = [["role": "first", "rule": "zero", "gain": .null, "epsilon": .null, "tensors": 2, "values": 7]]
    let plans: [(labels: Row, rows: [Row])] = [
      (["method": "idinit", "rate": 1], identity), (["method": "idinit", "rate": 2], identity),
      (["method": "zero", "rate": 1], other), (["method": "none", "rate": 1], []),
    ]
    let table = try #require(ResultTable.plans(plans))
    #expect(table.columns.map(\.title) == ["start", "role", "rule", "gain", "tensors", "parameters"])
    #expect(
      table.cells == [["idinit", "first", "idi", "1.5", "1", "12"], ["zero", "first", "zero", "–", "2", "7"]])
    #expect(ResultTable.plans([plans[3]]) == nil)
  }
}
