import Foundation
import Records
import Report

/// The figures that recipes have of their own, of made-up numbers.
enum OwnFigures {
  typealias Group = MeasuredRuns.Group
  typealias Run = MeasuredRuns.Run

  static var section: ReportSection {
    let paper = MeasuredRuns.PaperNumber(["sgd", "idinit", "accuracy"], 93.41, "93.41 %")
    let experiments = [
      MeasuredRuns(recipe: "figure18", groups: grid), MeasuredRuns(recipe: "figure14", groups: histograms),
      MeasuredRuns(recipe: "figure5", groups: unmoved, paper: [.init(["idinit"], 0, "0 %")]),
      MeasuredRuns(recipe: "table2-resnet56", groups: finals, paper: [paper]),
      MeasuredRuns(recipe: "figure17", groups: paths),
    ]
    return ReportSection(id: "own", heading: "Figures of recipes", figures: experiments.flatMap(\.figures))
  }

  private static var grid: [Group] {
    var groups: [Group] = []
    for method in ["kaiming", "idinit"] {
      for rate in [0.001, 0.01, 0.1, 1] {
        for decay in [0.0001, 0.001, 0.01] {
          let accuracy: Double = 0.9 - 0.1 * abs(log10(rate) + 1) - 3 * decay
          let run = Run(
            metrics: [], results: ["testAccuracy": .double(accuracy)], isFinished: rate < 1 || method == "idinit")
          let labels: Row = [
            "learningRate": .double(rate), "weightDecay": .double(decay), "method": .string(method),
          ]
          groups.append(Group(labels: labels, runs: [run]))
        }
      }
    }
    return groups
  }

  private static var histograms: [Group] {
    [("kaiming", 22.0), ("idinit", 2.0)].map { method, width in
      let metrics = (0...8).map { epoch -> Row in
        let variance: Double = width + 4 * Double(epoch)
        let bins = (0..<40).map { bin -> JSONValue in
          let distance = Double(bin) - 19.5
          return .int(Int(400 * exp(-distance * distance / variance)))
        }
        return ["epoch": .int(epoch), "histogram": .array(bins)]
      }
      let settings: JSONValue = ["histogram": ["range": 1.0]]
      return Group(labels: ["method": .string(method)], runs: [Run(metrics: metrics)], settings: settings)
    }
  }

  private static var unmoved: [Group] {
    var groups: [Group] = []
    for variant in ["zero-scale", "plain"] {
      for (method, share) in [("idinit-zero", 0.75), ("idinit", 0.0)] {
        var results: Row = ["unmoved": .double(share)]
        for block in ["layer1.0", "layer1.1", "layer2.0", "layer2.1", "layer3.0", "layer3.1"] {
          results["unmoved.\(block).conv2.weight"] = .double(share)
        }
        let labels: Row = ["variant": .string(variant), "method": .string(method)]
        groups.append(Group(labels: labels, runs: [Run(metrics: [], results: results)]))
      }
    }
    return groups
  }

  /// Two ways down a valley.
  private static var paths: [Group] {
    let ticks = (-10...10).map { Double($0) / 5 }
    let surface = ticks.flatMap { x in
      ticks.map { y -> Row in
        ["w1": .double(x), "w2": .double(y), "logGradientNorm": .double(log(abs(x * y - 1)))]
      }
    }
    return [("first", 0.5), ("second", 1.5)].map { name, start in
      let metrics = (0...8).map { step -> Row in
        let w1 = start + (1 - start) * Double(step) / 8
        return ["step": .int(step), "w1": .double(w1), "w2": .double(0.4 + 0.075 * Double(step))]
      }
      let run = Run(metrics: metrics, results: ["solution": 1], tables: ["contour.csv": surface])
      return Group(labels: ["variant": .string(name)], runs: [run])
    }
  }

  private static var finals: [Group] {
    var groups: [Group] = []
    for method in ["kaiming", "idinit", "a-start-with-a-very-long-name-indeed"] {
      for variant in ["sgd", "adam"] {
        let runs = [0.4, 0.45, 0.58].map { Run(metrics: [], results: ["testAccuracy": .double($0)]) }
        let labels: Row = ["variant": .string(variant), "method": .string(method)]
        groups.append(Group(labels: labels, runs: runs))
      }
    }
    return groups
  }
}
