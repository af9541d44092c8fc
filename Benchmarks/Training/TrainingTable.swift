import BenchmarkSupport
import Foundation
import Torch

/// A network that is trained, step after step.
protocol TrainingSteps {
  /// Trains `count` steps.
  ///
  /// - Returns: Their seconds.
  func run(_ count: Int) throws -> Double
}

/// One of PyTorch's ways to do the same, as its script calls it.
struct Peer {
  var way: String
  var label: String
  /// How many times as fast as it ours must be; nil where it is only shown.
  var target: Double?
}

/// A training step against PyTorch's ways: interleaved repetitions in one run, medians.
struct TrainingTable {
  var title: String
  var batch: Int
  var optimizer = "SGD with momentum"
  /// What a batch has so many of.
  var unit = "images"
  var script: String
  /// The first is what the ratios are to.
  var peers: [Peer]
  var threads: Int
  var steps: Int
  var repetitions: Int

  /// - Returns: The median seconds of a step of ours, and whether every target was reached: not if it was not measured.
  func run(_ ours: some TrainingSteps) throws -> (step: Double, isReached: Bool) {
    let peer: TorchChild?
    do { peer = try TorchChild(script: script, arguments: [String(threads)]) } catch {
      print("PyTorch's side is missing, so only ours is measured: \(error.reason)")
      peer = nil
    }
    defer { peer?.stop() }

    print("\(title), batch \(batch), \(optimizer): \(steps) steps a repetition, \(threads) threads")
    print("PyTorch \(peer?.version ?? "absent"); medians of \(repetitions) interleaved repetitions; load \(load())")
    print("")

    var own: [Double] = []
    var times: [String: [Double]] = [:]
    for repetition in 0...repetitions {
      let seconds = try ours.run(steps)
      let theirs = peers.map { ($0.way, peer?.measure("\($0.way) \(steps)") ?? .nan) }
      // The first repetition warms caches, compilers and clocks.
      guard repetition > 0 else { continue }
      own.append(seconds)
      for (way, seconds) in theirs { times[way, default: []].append(seconds) }
    }

    let ourSeconds = median(own)
    let first = median(peers.first.flatMap { times[$0.way] } ?? [])
    print(row(["way", "\(unit)/s", "ms a step", peers.first.map { "against \($0.label)" } ?? "", ""], widths))
    print(line("Swift", ourSeconds, first, ""))
    var isReached = true
    for peer in peers {
      let seconds = median(times[peer.way] ?? [])
      guard !seconds.isNaN else {
        // Only a figure reaches a target.
        isReached = isReached && peer.target == nil
        let target = peer.target.map { String(format: "; target ≥ %g ×: ", $0) + reached(false) } ?? ""
        print(row([peer.label, "not measured\(target)"], widths))
        continue
      }
      var verdict = ""
      if let target = peer.target {
        let ratio = seconds / ourSeconds
        isReached = isReached && ratio >= target
        verdict = String(format: "Swift is %.2f × this; target ≥ %g ×: ", ratio, target) + reached(ratio >= target)
      }
      print(line(peer.label, seconds, first, verdict))
    }
    print("")
    print("load at the end \(load())")
    return (ourSeconds / Double(steps), isReached)
  }

  private var widths: [Int] { [24, 12, 12, 24, 20] }

  private func line(_ label: String, _ seconds: Double, _ first: Double, _ verdict: String) -> String {
    let ratio = first / seconds
    return row(
      [
        label, String(format: "%.0f", Double(steps * batch) / seconds),
        String(format: "%.2f", seconds / Double(steps) * 1000), ratio.isNaN ? "" : String(format: "%.2f ×", ratio),
        verdict,
      ], widths)
  }
}

func reached(_ isReached: Bool) -> String { isReached ? "reached" : "not reached" }
