import Torch

/// How the signal's standard deviation changes from layer to layer with noise of several sizes added to the input, or to
/// the embedding of token ids (Figure 13, Appendix C.2): what a network makes of a disturbed input, it should make small.
public struct NoiseProbe: Probe {
  public let name = "noise"
  public let title = "Mean and standard deviation of the signal by layer, with noise of several sizes on the input"

  /// Standard deviations of the noise.
  public var noises: [Double]

  /// The probe with noise of these sizes; by default those of Figure 13.
  public init(noises: [Double] = [0, 0.01, 0.1, 1]) { self.noises = noises }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    var rows: [Row] = []
    var ratios: [Double] = []
    for noise in noises {
      let signal = try SignalProbe(inputNoise: noise)(subject)
      rows += signal.rows.map { Row([.init("noise", .double(noise))]).appending($0) }
      let sizes = signal.rows.compactMap { $0.number("std") }
      ratios.append((sizes.last ?? .nan) / (sizes.first ?? .nan))
    }
    func list(_ values: [Double]) -> String {
      let texts = values.map { NumberText.three($0) }
      return texts.count < 2 ? texts.joined() : texts.dropLast().joined(separator: ", ") + " and " + (texts.last ?? "")
    }
    return ProbeResult(
      rows: rows,
      summary: ["noises": .array(noises.map(JSONValue.double)), "ratios": .array(ratios.map(JSONValue.double))],
      verdict: ratios.map(Growth.judged).reduce(.none, Growth.worse),
      sentence: "with noise of \(list(noises)) on the input the signal's standard deviation changes from the first "
        + "layer's input to the last one's by ×\(list(ratios))")
  }
}
