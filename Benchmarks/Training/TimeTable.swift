import BenchmarkSupport
import Foundation
import Torch

/// Where the time of training steps goes: the engine's operations by kind, and what is left of the clock.
struct TimeTable {
  /// A kind of work, and a part of its operations' names; the first kind that fits has an operation.
  private static let kinds: [(label: String, words: [String])] = [
    ("convolution", ["convolution", "conv2d"]),
    ("batch norm (and its ReLU)", ["batch_norm", "batchnorm"]),
    ("optimiser", ["_fused_", "_foreach_", "adadelta"]),
    ("dropout", ["bernoulli"]),
    ("embedding", ["embedding", "index_select"]),
    ("loss", ["cross_entropy", "nll_loss", "nllloss", "log_softmax", "logsoftmax"]),
    ("softmax, GELU, layer norm", ["softmax", "gelu", "layer_norm", "layernorm"]),
    ("other ReLU, addition", ["relu", "threshold", "aten::add", "addbackward"]),
    ("linear layer, pooling", ["mm", "linear", "mean", "aten::div", "aten::sum"]),
    ("shortcut, copies", ["pad", "slice", "copy", "aten::to", "aten::contiguous", "fill", "zero", "narrow"]),
  ]

  private static let widths = [30, 12, 10, 10]

  /// Prints the table of `count` steps.
  ///
  /// - Parameters:
  ///   - steps: What is trained; it has run before.
  ///   - count: How many steps.
  ///   - shown: How many single operations to print after the kinds.
  /// - Throws: What a step throws.
  static func run(_ steps: some TrainingSteps, count: Int, shown: Int = 12) throws {
    let (seconds, times) = try Profile.measure { try steps.run(count) }
    var sums: [String: Double] = [:]
    for entry in times.entries { sums[kind(of: entry.name), default: 0] += entry.seconds }
    print("Where our time goes: own times of \(count) steps' operations, forward and backward")
    print("")
    print(row(["work", "ms a step", "share", ""], widths))
    for label in kinds.map(\.label) + [other] {
      print(line(label, sums[label] ?? 0, seconds, count))
    }
    print(line("Swift, waiting for data, rest", seconds - times.seconds, seconds, count))
    print("")
    print(row(["operation", "ms a step", "share", "calls a step"], widths))
    for entry in times.entries.prefix(shown) {
      let calls = String(format: "%.0f", Double(entry.calls) / Double(count))
      print(line(entry.name, entry.seconds, seconds, count, calls))
    }
  }

  private static let other = "other operations"

  private static func kind(of name: String) -> String {
    let name = name.lowercased()
    return kinds.first { $0.words.contains { name.contains($0) } }?.label ?? other
  }

  private static func line(
    _ label: String, _ part: Double, _ whole: Double, _ count: Int, _ more: String = ""
  ) -> String {
    row(
      [
        label, String(format: "%.2f", part / Double(count) * 1000), String(format: "%.1f %%", part / whole * 100), more,
      ], widths)
  }
}
