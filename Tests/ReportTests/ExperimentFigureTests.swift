import Foundation
import Records
import Testing

@testable import Report

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

  /// Between 1000 and 1001, and of more bins than four digits have numbers.
  @Test(arguments: [(20, 1000.0, 1001.0), (40_000, -1.0, 1.0), (3, 1.0, 1.0.nextUp)])
  func binsHaveNamesOfTheirOwn(_ bins: Int, _ low: Double, _ high: Double) {
    let names = HistogramMaps.names(bins, (low, high))
    #expect(names.count == bins && Set(names).count == bins)
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

  /// A number says nothing without its name.
  @Test func numbersInNamesHaveTheirKey() throws {
    let groups = [0, 1].map { warmup in
      group(["warmUp": .int(warmup), "method": "idinit"], [curve("testAccuracy", [0.1, 0.5], by: "epoch")])
    }
    let chart = try #require(MeasuredRuns(recipe: "figure99", groups: groups).figures.first?.plot as? LineChart)
    #expect(chart.series.map(\.name) == ["warm up 0", "warm up 1"])
  }

  /// Figure 9: the same losses over two axes, the mean over seeds with their range.
  @Test func lossesOverStepsAndFLOPs() throws {
    func run(_ losses: [Double], flops: Double) -> Run {
      Run(
        metrics: losses.enumerated().map { place, loss in
          ["step": .int(100 * place), "flops": .double(flops * Double(place)), "trainLoss": .double(loss)]
        })
    }
    let groups = [
      group(["method": "default"], [run([10, 8, 6], flops: 1e15), run([10, 6, 4], flops: 1e15)]),
      group(["method": "idinit"], [run([10, 4, 2], flops: 1e15)]),
    ]
    let figures = CurveFigures.pretraining.figures(of: MeasuredRuns(recipe: "figure9-bert", groups: groups))
    #expect(figures.map(\.title) == ["Training loss by steps", "Training loss by FLOPs"])
    #expect(figures.allSatisfy { $0.width == .half && $0.caption.contains("Mean over 1 to 2 seeds; the band") })
    let charts = try figures.map { try #require($0.plot as? LineChart) }
    #expect(charts.map(\.x.title) == ["steps", "FLOPs"])
    #expect(charts[0].series.map(\.name) == ["default", "idinit"])
    #expect(charts[0].series[0].points == [.init(0, [10, 10]), .init(100, [8, 6]), .init(200, [6, 4])])
    #expect(charts[1].series[0].points == [.init(0, [10, 10]), .init(1e15, [8, 6]), .init(2e15, [6, 4])])
    #expect(Set(figures.map(\.id)).count == 2)
    // What was not measured has no figure.
    let short = [group(["method": "idinit"], [curve("trainLoss", [3, 2])])]
    #expect(
      CurveFigures.pretraining.figures(of: MeasuredRuns(recipe: "figure9-bert", groups: short)).map(\.title)
        == ["Training loss by steps"])
  }

  /// Tables 5 and 7: a start's name is written out, its word vectors are told apart, and each has the paper's number.
  @Test func textAccuraciesAreByStartAndVectors() throws {
    let groups = ["glove", "word2vec"].flatMap { vectors in
      ["kaiming", "xavier", "idinit"].map { method in
        group(["vector": .string(vectors), "method": .string(method)], ended(0.8, 0.84))
      }
    }
    let paper = [MeasuredRuns.PaperNumber(["glove", "idinit"], 82.6, "82.60 ± 0.24 %")]
    let figure = try #require(
      FinalBars.textAccuracy.figures(of: MeasuredRuns(recipe: "table5", groups: groups, paper: paper)).first)
    let chart = try #require(figure.plot as? BarChart)
    #expect(Set(chart.bars.map(\.category)) == ["kaiming", "xavier", "idinit"])
    #expect(Set(chart.bars.map(\.group)) == ["glove", "word2vec"])
    #expect(chart.bars.filter { $0.paper != nil }.map { [$0.category, $0.group] } == [["idinit", "glove"]])
    #expect(chart.spread == .standardDeviation && figure.caption.contains("the line is one standard deviation"))
    #expect(rows(figure).first?["text"]?.text == "82.0 ± 2.8 %")
  }

  /// Figure 19: every pair of layers by training.
  @Test func distancesAreByPair() throws {
    func run(_ distances: [Double]) -> [Run] {
      [
        Run(
          metrics: [],
          results: [
            "distance0-1": .double(distances[0]), "distance1-2": .double(distances[1]), "distanceOf": 7,
          ])
      ]
    }
    let groups = [group(["variant": "gd"], run([1e-6, 2e-6])), group(["variant": "sgd"], run([0.1, 0.2]))]
    let figure = try #require(MeasuredRuns(recipe: "figure19", groups: groups).figures.first)
    let chart = try #require(figure.plot as? BarChart)
    #expect(chart.bars.map(\.category) == ["layers 1 and 2", "layers 1 and 2", "layers 2 and 3", "layers 2 and 3"])
    #expect(chart.bars.map { $0.values } == [[1e-6], [0.1], [2e-6], [0.2]])
    #expect(chart.axis.scale == .log && figure.altText.contains("gd 1e-06 to 2e-06"))
  }

  @Test func pathsOfOneSurfaceAreInOneFigure() throws {
    let surface: [Row] = [0.0, 1, 2].flatMap { x in
      [0.0, 1, 2].map { y in ["w1": .double(x), "w2": .double(y), "logGradientNorm": .double(x * y)] }
    }
    func run(_ points: [(Double, Double)], _ surface: [Row]) -> Run {
      Run(
        metrics: points.enumerated().map { ["step": .int($0), "w1": .double($1.0), "w2": .double($1.1)] },
        results: ["solution": 2], tables: ["contour.csv": surface])
    }
    let groups = [
      group(["variant": "a"], [run([(0, 1), (1, 2)], surface)]),
      group(["variant": "b"], [run([(1, 0), (2, 1)], surface)]),
      group(["variant": "c"], [run([(1, 1)], surface.map { $0.appending(["more": 1]) })]),
      group(["variant": "d"], [curve("product", [1, 2])]),
    ]
    let charts = MeasuredRuns(recipe: "figure17", groups: groups).figures.compactMap { $0.plot as? SurfaceChart }
    #expect(charts.map { $0.paths.map(\.name) } == [["a", "b"], ["c"]])
    #expect(charts[0].paths[1].points == [.init(1, 0), .init(2, 1)] && charts[0].surface.count == 9)
    let curve = try #require(charts[0].curve)
    #expect(curve.name == "the solution, w1·w2 = 2" && curve.pieces.count == 2)
    #expect(curve.pieces.joined().allSatisfy { abs($0.x * $0.y - 2) < 1e-12 })
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
