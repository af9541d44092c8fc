import Testing

@testable import Lab
@testable import Recipes

/// Values that are numbers, and that a run could only trap or run out of memory on.
@Suite struct SettingLimitTests {
  static let bad: [(recipe: String, key: String, text: String, says: [String])] = [
    ("table8", "training.epochs", "1000000000000", ["1 to 1000000"]),
    ("table8", "training.batchSize", "9223372036854775807", ["1 to 1000000"]),
    ("table8", "network.hiddenLayers", "1001", ["1 to 1000"]),
    ("table8", "network.hiddenWidth", "4611686018427387904", ["1 to 65536"]),
    ("table8", "network.hiddenWidth", "65536", ["2^30 weights", "network.hiddenLayers 4"]),
    ("table8", "seeds", "0,9223372036854775807", ["0 to 1099511627776"]),
    (
      "table1", "optimizer.momentum", "0.9999999999999999", ["training.steps / (1 − optimizer.momentum)", "1000000000"]
    ),
    ("table1", "training.steps", "9223372036854775807", ["1 to 1000000000"]),
    ("table1", "training.logEvery", "9223372036854775807", ["1 to 1000000000"]),
    ("table1", "problem.dimension", "4611686018427387904", ["1 to 4096"]),
    ("table1", "problem.pairs", "1000000000000000000", ["22 to 6710886"]),
    ("figure19", "problem.layers", "100000", ["1 to 1000"]),
    ("figure19", "training.steps", "99999999999", ["1 to 1000000000"]),
    ("figure4", "network.hiddenWidth", "4611686018427387904", ["1 to 16384"]),
    ("figure4", "training.rankSteps", "0,9223372036854775807", ["0 to 1000000000"]),
    ("figure4", "training.batchSize", "9223372036854775807", ["1 to 1000000"]),
    ("figure2", "network.width", "4611686018427387904", ["1 to 2048"]),
    ("figure2", "rectangularWidth", "4097", ["at most 4096"]),
    ("figure13", "rounds", "9223372036854775807", ["1 to 1000000"]),
    ("figure13", "images", "9223372036854775807", ["1 to 1000000"]),
    ("figure15", "network.blocks", "1001", ["1 to 1000"]),
    ("figure15", "jacobian.images", "9223372036854775807", ["1 to 10000"]),
    ("figure15", "jacobian.histogram.bins", "9223372036854775807", ["1 to 10000"]),
    ("figure16", "network.stemDepth", "1001", ["1 to 1000"]),
    ("figure16", "signalImages", "9223372036854775807", ["1 to 10000"]),
    ("figure17", "contour.points", "4000000000", ["2 to 1000"]),
    ("figure17", "inputs.count", "9223372036854775807", ["1 to 1000000"]),
    ("figure17", "layers", "9223372036854775807", ["1 to 1000"]),
    ("figure17", "optimizer.steps", "9223372036854775807", ["1 to 1000000000"]),
  ]

  @Test(arguments: bad.indices) func namesKeyValueAndRange(_ index: Int) throws {
    let (id, key, text, says) = Self.bad[index]
    var recipe = try ResolvedRecipe(id, at: .smoke)
    let error = #expect(throws: LabError.self) { try recipe.set([(key, text)]) }
    #expect(error?.kind == .usage)
    let value = text.split(separator: ",").last.map(String.init) ?? text
    for part in [key, value] + says {
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "") lacks \(part)")
    }
  }
}
