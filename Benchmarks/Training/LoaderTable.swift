import BenchmarkSupport
import Foundation

/// The data pipeline alone: how many images one background thread prepares, against what training takes.
struct LoaderTable {
  /// The pipeline must be at least this many times as fast as the training that it feeds.
  static let target = 10.0
  static let images = 8192

  /// - Parameters:
  ///   - step: Seconds of a training step.
  ///   - repetitions: Epochs that are measured.
  /// - Returns: Whether the target was reached.
  /// - Throws: `TorchError` if a batch cannot be made.
  static func run(step: Double, repetitions: Int) throws -> Bool {
    let loader = try ResNet20Steps.loader(images: images)
    var times: [Double] = []
    for epoch in 0...repetitions {
      let seconds = try seconds {
        let batches = loader.batches(epoch: epoch + 1)
        while try batches.next() != nil {}
      }
      if epoch > 0 { times.append(seconds) }
    }
    let rate = Double(images) / median(times)
    let used = Double(ResNet20Steps.batch) / step
    print("The data pipeline alone (crop, flip, normalise; one thread): \(String(format: "%.0f", rate)) images/s")
    print(
      String(format: "  %.0f times what training takes (%.0f images/s); ", rate / used, used)
        + "target ≥ \(Int(target)) ×: \(reached(rate / used >= target))")
    return rate / used >= target
  }
}
