import Foundation
import Records
import Report
import TestSupport

/// A page of everything, from the results that this repository publishes.
enum ExamplePage {
  static func page() throws -> ReportPage {
    ReportPage(
      title: "IDInit for Swift: the paper's experiments, again",
      subtitle: "What the paper claims of an initialisation that keeps the identity, and what these runs found.",
      date: "25 November 2026",
      sections: [
        try linear5(), try momentum(), try rank(), shapes, ReportSection(try SmallProbe.report()), OwnFigures.section,
      ],
      environment: [
        ReportFact("libtorch", "2.13.0"), ReportFact("Swift", "6.3"), ReportFact("system", "Debian GNU/Linux 12"),
        ReportFact("processor", "AMD EPYC, 2 cores"), ReportFact("memory", "24 GiB"),
        ReportFact("data", "MNIST, the official 60000 + 10000 digits"),
      ],
      commands: [
        "make bootstrap", "idinit-lab run table8 --scale paper --data mnist",
        "idinit-lab run table1 --scale paper --set optimizer.learningRate=0.1 --set training.steps=3000",
      ])
  }

  /// Rows of a published file.
  static func rows(_ path: String) throws -> [Row] {
    let text = try String(contentsOf: packageFolder.appendingPathComponent("Results/\(path)"), encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    guard let names = lines.first else { return [] }
    return lines.dropFirst().map { cells in
      Row(
        zip(names, cells).map { name, cell in
          .init(String(name), Double(cell).map(JSONValue.double) ?? (cell.isEmpty ? .null : .string(String(cell))))
        })
    }
  }

  /// Points of a quantity, with a value of every seed that has a row there.
  static func points(_ rows: [Row], x: String, y: String) -> [LineChart.Point] {
    var values: [Double: [Double]] = [:]
    for row in rows {
      if let x = row.number(x), let y = row.number(y) { values[x, default: []].append(y) }
    }
    return values.sorted { $0.key < $1.key }.map { LineChart.Point($0.key, $0.value) }
  }

  private static func linear5() throws -> ReportSection {
    let metrics = try rows("table8/metrics.csv")
    let results = try rows("table8/results.csv")
    let groups = [("tanh", "default"), ("tanh", "idinit"), ("relu", "default"), ("relu", "idinit")]
    func of(_ variant: String, _ method: String) -> [Row] {
      metrics.filter { $0.text("variant") == variant && $0.text("method") == method }
    }
    func series(_ cell: String) -> [LineChart.Series] {
      groups.map { LineChart.Series("\($0), \($1)", points(of($0, $1), x: "epoch", y: cell)) }
    }
    let paper = ["tanh default": 0.9826, "tanh idinit": 0.9832, "relu default": 0.9821, "relu idinit": 0.9840]
    let accuracy = LineChart(
      x: PlotAxis("epoch"), y: PlotAxis("test accuracy", format: .percent(2), domain: 0.94...0.99),
      series: series("testAccuracy").map { .init($0.name, $0.points.filter { $0.x >= 1 }) },
      references: groups.enumerated().map {
        .init("paper, \($1.0), \($1.1)", paper["\($1.0) \($1.1)"] ?? 0, series: "\($1.0), \($1.1)")
      })
    let bars = BarChart(
      axis: PlotAxis("test accuracy after 30 epochs", format: .percent(2)),
      bars: groups.map { variant, method in
        let last = of(variant, method).filter { $0.number("epoch") == 30 }.compactMap { $0.number("testAccuracy") }
        return .init(category: variant, group: method, values: last, paper: paper["\(variant) \(method)"])
      }, baseline: .fitted)
    return ReportSection(
      id: "table8", heading: "Linear-5 on MNIST, tanh and ReLU, from the default initialisation and from IDInit",
      locus: "Table 8, Appendix C.1",
      claim: "From IDInit, Linear-5 reaches a higher test accuracy than from the default (Xavier for tanh, Kaiming for "
        + "ReLU), with tanh and with ReLU.",
      verdict: Verdict(
        .notSeen,
        "Test accuracy of idinit over that of default: relu: −0.01 points, standard error 0.18 over the seeds that did "
          + "not diverge (1 of 3 seeds of default did); tanh: −0.02 points, standard error 0.17."),
      figures: [
        Figure(
          id: "accuracy", title: "Test accuracy by epoch",
          caption: "Mean of three seeds; the band is their range. Dotted: what the paper reports after the last epoch.",
          altText: "All four curves climb from 95 % to between 98.4 and 98.7 % in 30 epochs and end above the paper's "
            + "values; IDInit and the default lie within each other's bands.", plot: accuracy),
        Figure(
          id: "bars", title: "Ours and the paper's", caption: "Mean ± standard deviation over three seeds.",
          altText: "Our accuracies are 98.6 to 98.7 %, the paper's 98.2 to 98.4 %.", plot: bars, width: .half),
        Figure(
          id: "loss", title: "Training loss",
          altText: "The training loss falls from 0.3 to 0.003 in all four.",
          plot: LineChart(
            x: PlotAxis("epoch"), y: PlotAxis("training loss", scale: .log), series: series("trainLoss"),
            band: .standardDeviation, height: 260), width: .half),
      ],
      table: ResultTable(
        title: "Table 8: Linear-5 on MNIST",
        columns: [
          .text("activation", "variant"), .text("start", "method"),
          .number("n", "n") { NumberText.fixed($0, digits: 0) },
          .number("test accuracy, %", "testAccuracy") { NumberText.fixed($0 * 100, digits: 2) },
          .number("test loss", "testLoss") { NumberText.scientific($0) },
          .number("epochs to 95 %", "epochsTo95") { NumberText.fixed($0, digits: 1) }, .text("paper", "paper"),
        ],
        rows: results, notes: ["Test accuracy after the last epoch: mean over the seeds that did not diverge."]),
      deviations: [
        "The paper gives no batch size: 128.",
        "The paper does not say how pixels are normalised: mean 0.1307, std 0.3081, MNIST's own.",
        "The paper does not say which epoch it reports: the last.",
      ],
      plan: .plans([(Row([.init("method", "idinit")]), planned)]),
      commands: ["idinit-lab run table8 --scale paper --data mnist"])
  }

  private static let planned: [Row] = [
    ["role": "first", "rule": "idi", "gain": 1.4142, "tensors": 1, "values": 401408],
    ["role": "hidden", "rule": "idi", "gain": 1, "tensors": 3, "values": 786432],
    ["role": "bias", "rule": "zero", "gain": .null, "tensors": 5, "values": 2058],
  ]

  private static func momentum() throws -> ReportSection {
    let metrics = try rows("table1/metrics.csv")
    let series = ["xavier", "identity"].flatMap { (method: String) in
      ["sgd", "sgd-momentum"].map { (variant: String) in
        LineChart.Series(
          "\(method), \(variant == "sgd" ? "no momentum" : "momentum 0.9")",
          points(
            metrics.filter { $0.text("method") == method && $0.text("variant") == variant }, x: "step", y: "testLoss"))
      }
    }
    return ReportSection(
      id: "table1", heading: "From the identity to −I: gradient descent without and with momentum",
      locus: "Table 1, Section 3.1",
      claim: "In the steps given, SGD without momentum mostly fails from the identity and succeeds from Xavier; with "
        + "momentum it succeeds from both, to the error of least squares.",
      verdict: Verdict(
        .confirmed,
        "Identity, plain: 9 of 20 seeds succeed (median error 8.3e-02); identity, momentum: 20 of 20 seeds succeed; "
          + "Xavier, plain: 20 of 20; Xavier, momentum: 20 of 20."),
      figures: [
        Figure(
          id: "error", title: "Test error by step", caption: "Mean of twenty seeds with their range.",
          altText: "With momentum the error falls to that of least squares within 500 steps from both starts; without "
            + "it, from the identity, half of the seeds stay near 1.",
          plot: LineChart(
            x: PlotAxis("step"), y: PlotAxis("test error", scale: .log), series: series,
            references: [.init("least squares", 1.0e-4)]))
      ],
      table: ResultTable(
        title: "Table 1: test error on Y = −X after training",
        columns: [
          .text("start", "method"), .text("training", "variant"),
          .number("n", "n") { NumberText.fixed($0, digits: 0) },
          .number("median error", "testLoss") { NumberText.scientific($0) },
          .number("worst", "testLossMost") { NumberText.scientific($0) },
          .number("succeeded", "succeeded") { NumberText.fixed($0, digits: 0) },
          .number("asymmetry", "asymmetry") { NumberText.scientific($0) },
        ], rows: try rows("table1/results.csv")))
  }

  private static func rank() throws -> ReportSection {
    let metrics = try rows("figure4/metrics.csv").filter { $0.text("activation") == "relu" }
    let series = metrics.compactMap { $0.text("method") }.reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }.map { method in
      LineChart.Series(
        method, points(metrics.filter { $0.text("method") == method }, x: "step", y: "residualRank"))
    }
    return ReportSection(
      id: "figure4", heading: "The rank of what training adds to a padded identity", locus: "Figure 4, Section 3.2",
      claim: "Zero padding does not keep the rank of the residual at or below the width of the input.",
      verdict: Verdict(.refuted, "The rank stays below 784 with either padding."),
      figures: [
        Figure(
          id: "rank", title: "Rank by step", altText: "Ranks rise to about 560 of 2048 and stay below the input's 784.",
          plot: LineChart(
            x: PlotAxis("step"), y: PlotAxis("rank of the residual"), series: series,
            references: [.init("inputs", 784)]))
      ])
  }

  /// Plots of made-up numbers: every kind that the published results have no use for yet.
  private static var shapes: ReportSection {
    let rates = [0.01, 0.03, 0.1, 0.3, 1]
    let decays = [0, 1e-5, 1e-4, 1e-3, 1e-2]
    let accuracies = decays.map { decay in
      rates.map { rate -> Double? in
        rate == 1 && decay > 1e-4 ? .nan : 0.9 - 0.08 * pow(log10(rate / 0.1), 2) - 0.9 * decay * 10 + 0.02 * rate
      }
    }
    let bell = (0..<400).map { index -> Double in
      let (a, b) = ((Double(index) + 0.5) / 400, Double((index * 7919) % 400 + 1) / 401)
      return (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
    }
    return ReportSection(
      id: "shapes", heading: "Other kinds of plots", verdict: Verdict(.notJudged, "These numbers are made up."),
      figures: [
        Figure(
          id: "grid", title: "Learning rate by weight decay",
          caption: "The runs at learning rate 1 with strong decay diverged.",
          altText: "The best accuracy, 90 %, is at learning rate 0.1 with no decay.",
          plot: Heatmap(
            xTitle: "learning rate", yTitle: "weight decay", columns: rates.map { "\($0)" },
            rows: decays.map { NumberFormat.automatic.text($0) },
            value: PlotAxis("test accuracy", format: .percent(1)), values: accuracies)),
        Figure(
          id: "weights", title: "Weights after training",
          altText: "Two bells around 0, the second twice as wide.",
          plot: Histogram(
            x: PlotAxis("weight"),
            values: [("IDInit", bell), ("Kaiming", bell.map { 1.6 * $0 } + [.infinity])]), width: .half),
        Figure(
          id: "layers", title: "Norm and variance by layer", altText: "Both grow with depth.",
          plot: ScatterChart(
            x: PlotAxis("norm"), y: PlotAxis("variance", scale: .log),
            series: [
              .init("IDInit", (0..<12).map { .init(Double($0) + 1, exp(-Double($0) / 3), name: "layer \($0)") }),
              .init("Fixup", (0..<12).map { .init(Double($0) * 0.8 + 1, exp(Double($0) / 9), name: "layer \($0)") }),
            ], height: 240), width: .half),
        Figure(
          id: "times", title: "Epochs until 80 %", caption: "Bars from 0, with long names.",
          altText: "IDInit needs 12 epochs, Kaiming 17.",
          plot: BarChart(
            axis: PlotAxis("epochs", format: .fixed(1)),
            bars: [
              .init(
                category:
                  "ResNet-56 with batch normalisation on CIFAR-10, no warm-up and no learning rate schedule at all",
                group: "IDInit", values: [11, 12, 13], paper: 14),
              .init(
                category:
                  "ResNet-56 with batch normalisation on CIFAR-10, no warm-up and no learning rate schedule at all",
                group: "Kaiming (fan_in, normal)", values: [16, 17, 19], paper: 18),
              .init(category: "ResNet-20", group: "IDInit", values: [8, 9, 9.5]),
              .init(category: "ResNet-20", group: "Kaiming (fan_in, normal)", values: [.nan, .nan]),
            ])),
      ])
  }
}
