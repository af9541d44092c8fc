import Foundation
import IDInit
import Lab

/// Which probes, with which options.
struct ProbeChoice {
  let probes: [any Probe]

  /// - Parameters:
  ///   - probes: Their names with commas between them; nil takes all.
  ///   - inputNoise: Sizes of noise with commas between them; nil takes those of the probe.
  /// - Throws: `LabError` (`.usage`) for a probe that there is not, a size that is none, and sizes without the probe.
  init(probes: String?, inputNoise: String?) throws(LabError) {
    var chosen: [any Probe] = []
    for name in probes.map(Self.parts) ?? Probes.all.map(\.name) {
      guard let probe = Probes.all.first(where: { $0.name == name }) else {
        let names = Probes.all.map(\.name)
        let hint = didYouMean(name, among: names) ?? "there are \(names.joined(separator: ", "))"
        throw LabError(.usage, "there is no probe '\(name)'; \(hint)")
      }
      chosen.append(probe)
    }
    guard !chosen.isEmpty else { throw LabError(.usage, "--probes names none; as in --probes signal,jacobian") }
    if let inputNoise {
      let noises = try Self.noises(inputNoise)
      guard let place = chosen.firstIndex(where: { $0 is NoiseProbe }) else {
        throw LabError(.usage, "--input-noise does nothing without the probe noise, which --probes leaves out")
      }
      chosen[place] = NoiseProbe(noises: noises)
    }
    self.probes = chosen
  }

  private static func parts(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

  private static func noises(_ text: String) throws(LabError) -> [Double] {
    var noises: [Double] = []
    for part in parts(text) {
      guard let noise = Double(part), noise.isFinite, noise >= 0 else {
        throw LabError(
          .usage, "--input-noise has '\(part)'; expected standard deviations of 0 or more, as in --input-noise 0,0.1,1")
      }
      if noises.contains(noise) { throw LabError(.usage, "--input-noise has \(part) twice; expected each size once") }
      noises.append(noise)
    }
    guard !noises.isEmpty else {
      throw LabError(.usage, "--input-noise names no size; as in --input-noise 0,0.1,1")
    }
    return noises
  }
}
