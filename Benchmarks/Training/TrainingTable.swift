import BenchmarkSupport
import Foundation
import Torch

/// The Linear-5 training step against PyTorch eager and torch.compile: interleaved repetitions in one run, medians.
struct TrainingTable {
  var threads: Int
  var steps: Int
  var repetitions: Int

  /// Ours must be at least this many times as fast as PyTorch eager.
  static let target = 1.1

  func run() throws {
    try setThreadCount(threads)
    Runtime.keepFreedMemory()  // as idinit-lab does
    let ours = try Linear5Steps()
    let peer: TorchChild?
    do { peer = try TorchChild(script: "linear5.py", arguments: [String(threads)]) } catch {
      print("PyTorch's side is missing, so only ours is measured: \(error.reason)")
      peer = nil
    }
    defer { peer?.stop() }

    print(
      "Linear-5 training step, batch \(Linear5Steps.batch), SGD with momentum: \(steps) steps a repetition, "
        + "\(threads) threads")
    print("PyTorch \(peer?.version ?? "absent"); medians of \(repetitions) interleaved repetitions; load \(load())")
    print("")

    var times: [String: [Double]] = [:]
    for repetition in 0...repetitions {
      for (way, measure) in [
        ("ours", { try ours.run(self.steps) }), ("eager", { peer?.measure("eager \(self.steps)") ?? .nan }),
        ("compile", { peer?.measure("compile \(self.steps)") ?? .nan }),
      ] as [(String, () throws -> Double)] {
        let seconds = try measure()
        // The first repetition warms caches, compilers and clocks.
        if repetition > 0 { times[way, default: []].append(seconds) }
      }
    }

    let eager = median(times["eager"] ?? [])
    print(row(["way", "images/s", "ms a step", "against eager", ""], widths))
    for (way, label) in [("ours", "Swift"), ("eager", "PyTorch eager"), ("compile", "torch.compile")] {
      let seconds = median(times[way] ?? [])
      guard !seconds.isNaN else {
        print(row([label, "not measured"], widths))
        continue
      }
      let ratio = eager / seconds
      let verdict = way != "ours" || eager.isNaN ? "" : verdict(ratio)
      print(
        row(
          [
            label, String(format: "%.0f", Double(steps * Linear5Steps.batch) / seconds),
            String(format: "%.2f", seconds / Double(steps) * 1000), ratio.isNaN ? "" : String(format: "%.2f ×", ratio),
            verdict,
          ], widths))
    }
    print("")
    print("load at the end \(load())")
  }

  private let widths = [18, 14, 14, 16, 20]

  private func verdict(_ ratio: Double) -> String {
    "target ≥ \(Self.target) ×: \(ratio >= Self.target ? "reached" : "not reached")"
  }
}
