import Foundation

/// How the learning rate moves over the steps (or epochs) of a run: a pure function of the step, with the values of
/// PyTorch's schedulers.
///
/// As JSON or TOML a schedule is a table with its `kind`: `{"kind": "cosine", "total": 30}`.
public enum LearningRateSchedule: Hashable, Sendable {
  /// The base rate.
  case constant

  /// Half a cosine from the base rate at step 0 to `floor` at step `total`, and `floor` from then on
  /// (`CosineAnnealingLR(T_max=total, eta_min=floor)`, which after `total` would rise again).
  case cosine(total: Int, floor: Double = 0)

  /// A straight line from `start`·base at step 0 to the base rate at step `warmup` (`LinearLR`), then half a cosine
  /// to `floor` at step `total`.
  case warmupCosine(warmup: Int, total: Int, start: Double = 0, floor: Double = 0)

  /// A straight line from `start`·base at step 0 to `end`·base at step `total`, and that from then on
  /// (`LinearLR(start_factor, end_factor, total_iters)`).
  case linear(start: Double, end: Double = 1, total: Int)

  /// A straight line from `start`·base at step 0 to the base rate at step `warmup`, then one to `floor` at step `total`
  /// (with the defaults, `transformers`' `get_linear_schedule_with_warmup`).
  case warmupLinear(warmup: Int, total: Int, start: Double = 0, floor: Double = 0)

  /// `factor` to the number of whole `every`s that have passed (`StepLR`).
  case step(every: Int, factor: Double = 0.1)

  /// `factor` to the number of milestones that have been reached (`MultiStepLR`).
  case milestones([Int], factor: Double = 0.1)

  /// The learning rate at a step.
  ///
  /// - Parameters:
  ///   - step: Steps (or epochs) done, from 0.
  ///   - base: The optimiser's rate.
  /// - Returns: The rate to take this step with.
  public func rate(at step: Int, base: Double) -> Double { rate(at: Double(step), base: base) }

  /// The learning rate at a time between steps (or epochs): `2.5` is in the midst of the third.
  public func rate(at step: Double, base: Double) -> Double {
    switch self {
    case .constant:
      return base
    case .cosine(let total, let floor):
      return Self.cosine(at: step, of: total, base: base, floor: floor)
    case .warmupCosine(let warmup, let total, let start, let floor):
      if step < Double(warmup) { return Self.line(from: start, to: 1, at: step, of: warmup) * base }
      return Self.cosine(at: step - Double(warmup), of: total - warmup, base: base, floor: floor)
    case .warmupLinear(let warmup, let total, let start, let floor):
      if step < Double(warmup) { return Self.line(from: start, to: 1, at: step, of: warmup) * base }
      return Self.line(from: base, to: floor, at: step - Double(warmup), of: total - warmup)
    case .linear(let start, let end, let total):
      return Self.line(from: start, to: end, at: step, of: total) * base
    case .step(let every, let factor):
      return base * pow(factor, (max(0, step) / Double(max(1, every))).rounded(.down))
    case .milestones(let milestones, let factor):
      return base * pow(factor, Double(milestones.count { Double($0) <= step }))
    }
  }

  private static func cosine(at step: Double, of total: Int, base: Double, floor: Double) -> Double {
    guard step < Double(total) else { return floor }
    return floor + (base - floor) * (1 + cos(.pi * max(0, step) / Double(total))) / 2
  }

  private static func line(from start: Double, to end: Double, at step: Double, of total: Int) -> Double {
    guard step < Double(total) else { return end }
    return start + (end - start) * max(0, step) / Double(total)
  }
}

extension LearningRateSchedule: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case kind, total, floor, warmup, start, end, every, factor, milestones
  }

  /// Any key, so that those that no schedule has are seen too.
  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private enum Kind: String, Codable, CaseIterable {
    case constant, cosine, warmupCosine = "warmup-cosine", warmupLinear = "warmup-linear", linear
    case step, milestones

    var keys: [Key] {
      switch self {
      case .constant: []
      case .cosine: [.total, .floor]
      case .warmupCosine, .warmupLinear: [.warmup, .total, .start, .floor]
      case .linear: [.start, .end, .total]
      case .step: [.every, .factor]
      case .milestones: [.milestones, .factor]
      }
    }
  }

  /// - Throws: `DecodingError` for an unknown kind, a key that the kind has not, or an impossible number.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: Key.self)
    let name = try table.decode(String.self, forKey: .kind)
    guard let kind = Kind(rawValue: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: table,
        debugDescription: "'\(name)' is no schedule; there are \(Kind.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    let everything = try decoder.container(keyedBy: AnyKey.self)
    let known = [Key.kind.rawValue] + kind.keys.map(\.rawValue)
    for key in everything.allKeys where !known.contains(key.stringValue) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: everything, debugDescription: "a \(name) schedule has no '\(key.stringValue)'")
    }
    func count(_ key: Key, atLeast minimum: Int = 1) throws -> Int {
      let value = try table.decode(Int.self, forKey: key)
      guard value >= minimum else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: table, debugDescription: "\(key.rawValue) is \(value); it must be \(minimum) or more")
      }
      return value
    }
    func number(_ key: Key, _ value: Double) throws -> Double {
      let number = try table.decodeIfPresent(Double.self, forKey: key) ?? value
      guard number.isFinite, number >= 0 else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: table, debugDescription: "\(key.rawValue) is \(number); it must be 0 or more")
      }
      return number
    }
    switch kind {
    case .constant:
      self = .constant
    case .cosine:
      self = .cosine(total: try count(.total), floor: try number(.floor, 0))
    case .warmupCosine, .warmupLinear:
      let (warmup, total) = (try count(.warmup, atLeast: 0), try count(.total))
      guard warmup < total else {
        throw DecodingError.dataCorruptedError(
          forKey: .warmup, in: table, debugDescription: "warmup is \(warmup); it must be below total, \(total)")
      }
      let (start, floor) = (try number(.start, 0), try number(.floor, 0))
      self =
        kind == .warmupCosine
        ? .warmupCosine(warmup: warmup, total: total, start: start, floor: floor)
        : .warmupLinear(warmup: warmup, total: total, start: start, floor: floor)
    case .linear:
      // There is no usual start.
      _ = try table.decode(Double.self, forKey: .start)
      self = .linear(start: try number(.start, 0), end: try number(.end, 1), total: try count(.total))
    case .step:
      self = .step(every: try count(.every), factor: try number(.factor, 0.1))
    case .milestones:
      let milestones = try table.decode([Int].self, forKey: .milestones)
      guard milestones.allSatisfy({ $0 >= 0 }), milestones == milestones.sorted() else {
        throw DecodingError.dataCorruptedError(
          forKey: .milestones, in: table,
          debugDescription: "milestones are \(milestones); they must be steps of 0 or more, in rising order")
      }
      self = .milestones(milestones, factor: try number(.factor, 0.1))
    }
  }

  private var kind: Kind {
    switch self {
    case .constant: .constant
    case .cosine: .cosine
    case .warmupCosine: .warmupCosine
    case .warmupLinear: .warmupLinear
    case .linear: .linear
    case .step: .step
    case .milestones: .milestones
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var table = encoder.container(keyedBy: Key.self)
    switch self {
    case .constant:
      try table.encode(Kind.constant, forKey: .kind)
    case .cosine(let total, let floor):
      try table.encode(Kind.cosine, forKey: .kind)
      try table.encode(total, forKey: .total)
      try table.encode(floor, forKey: .floor)
    case .warmupCosine(let warmup, let total, let start, let floor),
      .warmupLinear(let warmup, let total, let start, let floor):
      try table.encode(kind, forKey: .kind)
      try table.encode(warmup, forKey: .warmup)
      try table.encode(total, forKey: .total)
      try table.encode(start, forKey: .start)
      try table.encode(floor, forKey: .floor)
    case .linear(let start, let end, let total):
      try table.encode(Kind.linear, forKey: .kind)
      try table.encode(start, forKey: .start)
      try table.encode(end, forKey: .end)
      try table.encode(total, forKey: .total)
    case .step(let every, let factor):
      try table.encode(Kind.step, forKey: .kind)
      try table.encode(every, forKey: .every)
      try table.encode(factor, forKey: .factor)
    case .milestones(let milestones, let factor):
      try table.encode(Kind.milestones, forKey: .kind)
      try table.encode(milestones, forKey: .milestones)
      try table.encode(factor, forKey: .factor)
    }
  }
}
