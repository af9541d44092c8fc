import Foundation
import Records
import Report

/// What `idinit-lab probe` prints of a network of two blocks, made by hand.
enum SmallProbe {
  static let layers = ["stem", "blocks.0.fc1", "blocks.0.fc2", "blocks.1.fc1", "blocks.1.fc2", "head"]

  /// A method whose signal grows by `growth` a layer, and whose gradient does on its way back.
  static func method(_ name: String, growth: Double, verdict: String = "good") -> JSONValue {
    func finding(_ verdict: String, _ sentence: String, _ summary: JSONValue, _ rows: [JSONValue]) -> JSONValue {
      ["verdict": .string(verdict), "sentence": .string(sentence), "summary": summary, "rows": .array(rows)]
    }
    let signal = layers.enumerated().map { index, layer -> JSONValue in
      [
        "depth": .int(index + 1), "layer": .string(layer), "mean": .double(-0.25 * Double(index)),
        "std": .double(pow(growth, Double(index))), "rms": .double(2 * pow(growth, Double(index))),
        "gradientStd": .double(3 * pow(growth, Double(layers.count - 1 - index))),
        "gradientRMS": .double(0.5 * pow(growth, Double(layers.count - 1 - index))),
      ]
    }
    let values = [(0, 1, 4 * growth), (1, 1, 2 * growth), (0, 2, growth), (1, 2, growth), (0, 3, 0), (1, 3, 0)]
    let jacobian = values.map { example, place, value -> JSONValue in
      ["example": .int(example), "place": .int(place), "singularValue": .double(value)]
    }
    let noise = [0.0, 0.5].flatMap { noise in
      layers.enumerated().map { index, layer -> JSONValue in
        [
          "noise": .double(noise), "depth": .int(index + 1), "layer": .string(layer),
          "std": .double((1 + noise) * pow(growth, Double(index))),
        ]
      }
    }
    let rates: [JSONValue] = [
      ["learningRate": 0.1, "lastLoss": 0.5], ["learningRate": 1, "lastLoss": .double(.nan)],
    ]
    let ranks: [JSONValue] = [
      ["parameter": "stem.weight", "rank": 3, "fullRank": 4, "residualRank": .null],
      ["parameter": "blocks.0.fc1.weight", "rank": 4, "fullRank": 4, "residualRank": 1],
      ["parameter": "blocks.0.fc2.weight", "rank": 2, "fullRank": 4, "residualRank": 4],
    ]
    return [
      "method": .string(name),
      "probes": [
        "signal": finding(verdict, "the signal grows", [:], signal),
        "jacobian": finding(verdict, "χ", ["chi": .double(growth * growth)], jacobian),
        "rank": finding("not judged", "some have full rank", [:], ranks),
        "replicas": finding(
          "not judged", "copies", ["features": 20, "exactCopies": 5, "closeCopies": 10, "silent": 0], []),
        "noise": finding(verdict, "with noise", [:], noise),
        "weights": finding(
          "not judged", "zeros", ["zeros": 0.75], [["parameter": "stem.weight", "histogram": [1, 0, 3]]]),
        "start": finding(
          verdict, "loss", [:],
          [["parameter": "a", "gradientNorm": 2], ["parameter": "b", "gradientNorm": .double(growth)]]),
        "dead": finding(
          verdict, "dead", [:], [["parameter": "b1", "unmoved": 1], ["parameter": "b2", "unmoved": 0.25]]),
        "symmetry": finding(
          "not judged", "alike", [:],
          [["shape": "4×4", "meanDistance": 0.125], ["shape": "4×2", "meanDistance": .null]]),
        "rate": finding("not judged", "rate", ["largestStableRate": 0.1], rates),
        "new": finding("fair", "a probe of tomorrow", [:], []),
      ],
    ]
  }

  static var json: JSONValue {
    [
      "network": "blocks2", "data": "32 examples of noise", "command": "idinit-lab probe blocks2 --seed 7 --json",
      "batch": 32, "seed": 7,
      "methods": [method("kaiming", growth: 10, verdict: "bad"), method("idinit", growth: 1)],
    ]
  }

  static func report() throws -> ProbeReport { try ProbeReport(parsing: Data(json.pretty.utf8)) }
}
