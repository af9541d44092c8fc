import Foundation
import Torch

/// Singular values of the Jacobian J = ∂features/∂input of single examples, and χ, their mean square (Section 2, Eq. (2),
/// and Figure 15): 1 where signals and gradients keep their size, above it they explode.
///
/// The features are what the last layer gets. That layer only reads them, and IDInit starts it near zero on purpose:
/// the Jacobian of the logits would say nothing else.
///
/// The Jacobian is computed whole where it has at most ``largest`` elements an example: the example is repeated once for
/// every output, and one backward pass gives all rows. Beyond, χ is estimated from products with random vectors
/// (Hutchinson), and the largest singular value by power iteration with Jᵀ(Jv); Jv is the derivative of uᵀJ with
/// respect to u. Where an operation has no second derivative, as libtorch's fused attention, there is no Jv, and the
/// largest singular value stays unknown.
///
/// Of a network that takes token ids the input is what the embedding makes of them, since ids cannot be differentiated.
///
/// Normalisations are in evaluation mode while it looks: in training mode an output depends on other examples.
public struct JacobianProbe: Probe {
  public let name = "jacobian"
  public let title = "Singular values of the Jacobian from the input to the last layer, and χ, their mean square"

  /// Examples that are looked at.
  public var examples: Int
  /// Elements of a Jacobian that is computed whole.
  public var largest: Int
  /// Random vectors for χ, and steps of the power iteration, beyond that.
  public var probes: Int

  /// The probe with these limits.
  public init(examples: Int = 4, largest: Int = 1 << 20, probes: Int = 64) {
    (self.examples, self.largest, self.probes) = (examples, largest, probes)
  }

  /// What is known of one example's singular values.
  public struct Spectrum: Sendable {
    /// All of them, largest first, NaN where the Jacobian is not finite; the largest alone where it was too large to be
    /// computed whole; none where the largest cannot be had.
    public var values: [Double]
    /// χ.
    public var meanSquare: Double
    /// The standard error of an estimated χ, from the spread of its random vectors; 0 where nothing is estimated.
    public var standardError = 0.0
    /// Whether `values` are all, and nothing is estimated.
    public var isWhole: Bool
  }

  /// The spectrum of each of the first ``examples`` examples, in evaluation mode.
  ///
  /// - Parameters:
  ///   - network: Its modes are put back.
  ///   - input: [N, …]
  ///   - seed: Of what estimates draw.
  /// - Returns: One an example.
  /// - Throws: `TorchError` if a pass fails.
  public func spectra(of network: any Module, _ input: Tensor, seed: UInt64) throws -> [Spectrum] {
    try network.evaluating {
      try (0..<min(examples, try input.size(0))).map { index in
        let example = try input.narrow(axis: 0, start: index, length: 1).detached()
        let (features, entry) = try Self.features(network, example)
        let outputs = features.elementCount
        guard outputs <= largest / max(1, entry.elementCount) else {
          return try estimated(network, example, seed: seed &+ UInt64(index))
        }
        let values = try Self.whole(network, example, outputs: outputs)
        let squares = values.reduce(0) { $0 + $1 * $1 }
        return Spectrum(values: values, meanSquare: squares / Double(max(1, values.count)), isWhole: true)
      }
    }
  }

  public func measure(_ subject: ProbeSubject) throws -> ProbeResult {
    let spectra = try spectra(of: subject.network, subject.input, seed: subject.seed)
    let isWhole = spectra.allSatisfy(\.isWhole)
    var rows: [Row] = []
    for (example, spectrum) in spectra.enumerated() {
      for (place, value) in spectrum.values.enumerated() {
        rows.append(["example": .int(example), "place": .int(place + 1), "singularValue": .double(value)])
      }
    }
    let chi = spectra.reduce(0) { $0 + $1.meanSquare } / Double(max(1, spectra.count))
    // Beside a NaN, the largest and the least of numbers depend on their order.
    let hasNaN = spectra.contains { $0.values.contains(where: \.isNaN) }
    let top = hasNaN ? .nan : spectra.compactMap(\.values.first).max()
    let bottom = isWhole ? hasNaN ? .nan : spectra.compactMap(\.values.last).min() : nil
    var summary: Row = ["chi": .double(chi), "largest": .null, "examples": .int(spectra.count)]
    summary["largest"] = top.map(JSONValue.double) ?? .null
    summary["smallest"] = bottom.map(JSONValue.double) ?? .null
    summary["exact"] = .bool(isWhole)
    // Of a mean of independent estimates.
    let error =
      spectra.reduce(0) { $0 + $1.standardError * $1.standardError }.squareRoot() / Double(max(1, spectra.count))
    summary["chiError"] = isWhole ? .null : .double(error)
    summary["randomVectors"] = isWhole ? .null : .int(probes)
    let largest = top.map { NumberText.three($0) } ?? "an unknown size: some operation has no second derivative"
    let sentence =
      bottom.map {
        "χ = \(NumberText.three(chi)), exact; singular values from \(NumberText.three($0)) to \(largest)"
      }
      ?? "χ = \(NumberText.three(chi)) ± \(NumberText.three(error)), estimated with \(probes) random vectors an "
      + "example; singular values up to \(largest)"
    return ProbeResult(rows: rows, summary: summary, verdict: Growth.judged(chi), sentence: sentence)
  }

  /// What the last layer gets, or of a single layer what it makes; and what it is differentiated by.
  private static func features(_ network: any Module, _ x: Tensor) throws -> (features: Tensor, entry: Tensor) {
    let (output, layers, entry) = try network.observed(x)
    return (layers.count > 1 ? layers[layers.count - 1].input : output, entry)
  }

  /// The singular values of the whole Jacobian of one example, largest first; NaN where it is not finite.
  static func whole(_ network: any Module, _ example: Tensor, outputs: Int) throws -> [Double] {
    let copies = try example.repeated([outputs] + [Int](repeating: 1, count: example.shape.count - 1))
    let (features, entry) = try features(network, copies.ofItsOwn())
    guard entry.shape.first == outputs else {
      throw LabError(
        .configuration,
        "jacobian: the embedding makes \(entry.shape) of \(outputs) examples; expected the examples on the first axis")
    }
    let y = try features.reshaped([outputs, outputs])
    let identity = try Tensor.eye(outputs, dtype: y.dtype, device: y.device)
    guard let gradient = try grad(of: y, withRespectTo: [entry], gradient: identity).first else { return [] }
    let jacobian = try gradient.reshaped([outputs, -1])
    guard try jacobian.isFinite().all().integer() != 0 else { return [.nan] }
    return try jacobian.to(.float64).singularValues().to(.cpu).array(of: Double.self)
  }

  /// The mean square of the min(in, out) singular values with its standard error, and the largest of them.
  func estimated(_ network: any Module, _ example: Tensor, seed: UInt64) throws -> Spectrum {
    let generator = try Generator(seed: seed, device: example.device)
    let (y, x) = try Self.features(network, example.ofItsOwn())
    let u = try Tensor.zeros(y.shape, dtype: y.dtype, device: y.device).settingRequiresGrad()
    guard let vjp = try grad(of: y, withRespectTo: [x], gradient: u, createGraph: true).first else {
      return Spectrum(values: [.nan], meanSquare: .nan, standardError: .nan, isWhole: false)
    }
    /// uᵀJ
    func back(_ u: Tensor) throws -> Tensor {
      try grad(of: y, withRespectTo: [x], gradient: u, keepGraph: true).first ?? x
    }
    /// Jv
    func forth(_ v: Tensor) throws(TorchError) -> Tensor? {
      do {
        return try grad(of: vjp, withRespectTo: [u], gradient: v, keepGraph: true).first ?? u
      } catch {
        // libtorch's words; it has no kind of error for this.
        guard error.message.contains("is not implemented") else { throw error }
        return nil
      }
    }
    // E|uᵀJ|² = |J|² (Frobenius) for u of independent standard normals.
    let squares = try (0..<probes).map { _ in
      let norm = try back(Tensor.randn(y.shape, dtype: y.dtype, device: y.device, generator: generator)).norm().item()
      return norm * norm
    }
    let mean = squares.reduce(0, +) / Double(probes)
    let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, probes - 1))
    var v = try Tensor.randn(x.shape, dtype: x.dtype, device: x.device, generator: generator)
    var largest: Double? = 0
    for _ in 0..<probes {
      v = try v / v.norm().item()
      guard let image = try forth(v) else {
        largest = nil
        break
      }
      let size = try image.norm().item()
      largest = size
      guard size.isFinite, size > 0 else { break }
      v = try back(image)
    }
    let count = Double(min(x.elementCount, y.elementCount))
    return Spectrum(
      values: largest.map { [$0] } ?? [], meanSquare: mean / count,
      standardError: (variance / Double(probes)).squareRoot() / count, isWhole: false)
  }
}
