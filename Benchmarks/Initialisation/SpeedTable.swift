import BenchmarkSupport
import Foundation
import IDInit

/// Ours against memset and PyTorch, interleaved repetitions in one run, medians.
struct SpeedTable {
  var threads = 2
  var repetitions = 7
  var slowRepetitions = 3
  /// Only the lines whose label starts so, if set.
  var only = ""

  struct Line {
    let label: String
    let rule: Rule
    let torchName: String?
    /// Ours must take at most this part of the yardstick's time.
    let limit: Double
    let isSlow: Bool
  }

  static let lines: [Line] = [
    Line(label: "IDI(1)", rule: .identity(IdentityRule()), torchName: nil, limit: 1.3, isSlow: false),
    Line(
      label: "Kaiming normal", rule: .kaiming(KaimingRule(.normal)), torchName: "kaiming-normal", limit: 1 / 1.5,
      isSlow: false),
    Line(
      label: "Xavier uniform", rule: .xavier(XavierRule(.uniform)), torchName: "xavier-uniform", limit: 1 / 1.5,
      isSlow: false),
    Line(
      label: "truncated normal", rule: .truncatedNormal(TruncatedNormalRule(std: 0.02)),
      torchName: "truncated-normal", limit: 1 / 1.5, isSlow: true),
    Line(
      label: "orthogonal", rule: .orthogonal(OrthogonalRule()), torchName: "orthogonal", limit: 1, isSlow: true),
    Line(
      label: "orthogonal, Swift only", rule: .orthogonal(OrthogonalRule(arithmetic: .portable)),
      torchName: "orthogonal", limit: .infinity, isSlow: true),
  ]

  var matches: Bool { Self.lines.contains(where: isAsked) }

  private func isAsked(_ line: Line) -> Bool { line.label.lowercased().hasPrefix(only.lowercased()) }

  func run() throws {
    let shapes = BERTBase.shapes
    var torch: TorchChild?
    do {
      torch = try TorchChild(
        script: "initialisation.py",
        arguments: [String(threads), shapes.map { "\($0.out)x\($0.in)" }.joined(separator: ",")])
    } catch {
      print("PyTorch's side is missing, so only ours is measured: \(error.reason)")
    }
    defer { torch?.stop() }
    let weights = Weights(shapes)
    defer { weights.free() }

    print(
      "Initialisation of BERT-Base's matrices: \(shapes.count) matrices, \(BERTBase.count) values, "
        + "\(BERTBase.count * 4 / 1_000_000) MB in single precision, \(threads) threads")
    print("PyTorch \(torch?.version ?? "absent"); medians of interleaved repetitions; load \(load())")
    print("")
    print(row(["work", "ours", "yardstick", "", "ratio", "target", ""], widths))

    var unreached = 0
    var measured: [String: Double] = [:]
    for line in Self.lines where isAsked(line) {
      var ours: [Double] = []
      var theirs: [Double] = []
      var cut: [Double] = []
      for repetition in 0...(line.isSlow ? slowRepetitions : repetitions) {
        let own = try seconds { try weights.fill(line.rule, threads: threads) }
        // A line without a target does not ask PyTorch twice.
        let known = line.limit.isInfinite ? line.torchName.flatMap { measured[$0] } : nil
        let other =
          known ?? line.torchName.map { torch?.measure($0) ?? .nan } ?? seconds { weights.memset(threads: 1) }
        let otherCut = line.torchName == nil ? seconds { weights.memset(threads: threads) } : .nan
        // The first repetition warms caches, libraries and clocks.
        guard repetition > 0 else { continue }
        ours.append(own)
        theirs.append(other)
        cut.append(otherCut)
      }
      var (own, other) = (median(ours), median(theirs))
      if let name = line.torchName { measured[name] = other }
      var yardstick = line.torchName == nil ? "memset, 1 thread" : "torch.nn.init"
      if line.torchName == nil, threads > 1, median(cut) < other {
        other = median(cut)
        yardstick = "memset, \(threads) threads"
      }
      let ratio = own / other
      let reached = ratio <= line.limit
      if !reached { unreached += 1 }
      let target: String
      let verdict: String
      if other.isNaN {
        (target, verdict) = ("", "not compared")
      } else if line.limit.isInfinite {
        (target, verdict) = ("", "for comparison")
      } else {
        target = line.limit > 1 ? "≤ \(line.limit)" : (line.limit == 1 ? "≤ 1" : "≤ 0.67")
        verdict = reached ? "reached" : "not reached"
      }
      own *= 1000
      other *= 1000
      print(
        row(
          [
            line.label, String(format: "%.1f ms", own), yardstick, other.isNaN ? "" : String(format: "%.1f ms", other),
            other.isNaN ? "" : String(format: "%.2f", ratio), target, verdict,
          ], widths))
      // Each line appears when it is known, in a pipe too.
      fflush(nil)
    }
    print("")
    print("load at the end \(load())\(unreached > 0 ? "; \(unreached) not reached" : "")")
  }

  private let widths = [24, 12, 20, 12, 8, 10, 14]
}
