import IDInit
import ModelFiles

/// What was asked of a plan; nil stands for the default.
struct PlanningChoices: Equatable {
  enum Override: Equatable {
    case set(String)
    case keep(String)
  }

  static let defaultMethod = "idinit"

  var method: String?
  var seed: UInt64?
  var overrides: [Override] = []
  var embeddingStd: Double?
  var gain: Double?
  var firstGain: Double?
  var epsilon: Double?
  var looseness: Double?
  var columnOrder: ColumnOrder?

  /// Plans a graph.
  ///
  /// - Parameters:
  ///   - graph: The network.
  ///   - hasValues: Whether the model has values for a parameter, by name.
  /// - Returns: The plan, each of whose rules fits its parameter.
  /// - Throws: ``Failure`` for choices that do not fit the network or each other.
  func plan(_ graph: NetworkGraph, hasValues: (String) -> Bool) throws -> InitializationPlan {
    do {
      var plan = try InitializationPlan(try scheme, for: graph, seed: seed ?? 0)
      try plan.apply(try parsedOverrides)
      if let embeddingStd {
        guard embeddingStd >= 0, embeddingStd.isFinite else {
          throw Failure.usage("--embedding-std is \(embeddingStd); expected a finite number of at least 0")
        }
        let isUsed = plan.entries.contains { $0.role == .embedding && $0.rule == nil && !hasValues($0.name) }
        guard isUsed else {
          throw Failure.usage("--embedding-std does nothing here: the model has no embedding without values")
        }
        plan.setEmbeddingStandardDeviation(embeddingStd)
      }
      try plan.validate()
      return plan
    } catch let error as PlanError {
      throw Failure.usage(error.parameter.map { "'\($0)': \(error.message)" } ?? error.message)
    } catch let error as RuleError {
      throw Failure.usage(RuleArguments.inFlags(error.description))
    }
  }

  private var parsedOverrides: [PlanOverride] {
    get throws {
      try overrides.map { override in
        switch override {
        case .set(let text):
          // Options stand in the text under their own names, not as flags.
          do throws(RuleError) { return try PlanOverride(parsing: text) } catch {
            throw Failure.usage(error.description)
          }
        case .keep(let text): return PlanOverride(keeping: text)
        }
      }
    }
  }

  /// The scheme with its numbers.
  private var scheme: any InitializationScheme {
    get throws {
      let name = method ?? Self.defaultMethod
      let scheme = try Schemes.scheme(named: name)
      let given = [
        ("--gain", gain != nil), ("--first-gain", firstGain != nil), ("--epsilon", epsilon != nil),
        ("--looseness", looseness != nil), ("--column-order", columnOrder != nil),
      ]
      guard var idinit = scheme as? IDInitScheme else {
        if let idle = given.first(where: \.1) {
          throw Failure.usage("\(idle.0) does nothing for the method \(name); it is a number of idinit's")
        }
        return scheme
      }
      try refuseIdleNumbers(of: idinit, named: name)
      idinit.gain = gain ?? idinit.gain
      idinit.firstReLUGain = firstGain ?? idinit.firstReLUGain
      idinit.epsilon = epsilon ?? idinit.epsilon
      idinit.looseness = looseness ?? idinit.looseness
      idinit.columnOrder = columnOrder ?? idinit.columnOrder
      return idinit
    }
  }

  /// - Throws: ``Failure`` for a number of idinit's that one of its ablations makes no use of.
  private func refuseIdleNumbers(of scheme: IDInitScheme, named name: String) throws {
    let hasZeros = scheme.lastWeight == .zero
    if epsilon != nil, hasZeros {
      throw Failure.usage("--epsilon does nothing for the method \(name), whose last weights are exactly 0")
    }
    guard columnOrder != nil else { return }
    if scheme.columnOrder != .channelFirst {
      throw Failure.usage("--column-order does nothing for the method \(name), whose name says it")
    }
    if hasZeros, scheme.convolution == .centreTap {
      throw Failure.usage(
        "--column-order does nothing for the method \(name), which has no matrix of columns in kernels")
    }
  }

  /// The scheme's own name and numbers, for a person: IDInit (τ 1, ε 1e-6).
  var title: String {
    let name = method ?? Self.defaultMethod
    if let ablation = Schemes.named(name) as? IDInitScheme { return title(of: ablation) }
    switch name {
    case "xavier": return "Xavier"
    case "kaiming": return "Kaiming"
    case "orthogonal": return "orthogonal"
    case "zero-gamma": return "Zero-γ"
    case "zero-hadamard": return "ZerO"
    case "fixup": return "Fixup"
    case "fixup-weights": return "Fixup's weights"
    case "skipinit": return "SkipInit"
    case "rezero": return "ReZero"
    case "default": return "the paper's default"
    case "pytorch": return "PyTorch's own"
    default: return name
    }
  }

  /// `IDInit (τ 1, ε 1e-6)`; of an ablation what it is without, too.
  private func title(of scheme: IDInitScheme) -> String {
    var numbers = ["τ \(factor(gain ?? scheme.gain))"]
    if let firstGain { numbers.append("first τ \(factor(firstGain))") }
    numbers.append(
      scheme.lastWeight == .zero ? "last weights 0" : "ε \(short(epsilon ?? scheme.epsilon, digits: 6))")
    if let looseness { numbers.append("ε_τ \(short(looseness, digits: 6))") }
    if let columnOrder {
      numbers.append(columnOrder.rawValue)
    } else if scheme.columnOrder != .channelFirst {
      numbers.append(scheme.columnOrder.rawValue)
    }
    if scheme.convolution == .centreTap { numbers.append("kernels by their centre tap") }
    return "IDInit (\(numbers.joined(separator: ", ")))"
  }

  /// The choices as words of a command line, quoted for a shell where they need it.
  var words: [String] {
    var words = [String]()
    func add(_ option: String, _ value: String?) { if let value { words += [option, shellQuoted(value)] } }
    add("--method", method)
    add("--seed", seed.map(String.init))
    for override in overrides {
      switch override {
      case .set(let text): add("--set", text)
      case .keep(let text): add("--keep", text)
      }
    }
    add("--embedding-std", embeddingStd.map { "\($0)" })
    add("--gain", gain.map { "\($0)" })
    add("--first-gain", firstGain.map { "\($0)" })
    add("--epsilon", epsilon.map { "\($0)" })
    add("--looseness", looseness.map { "\($0)" })
    add("--column-order", columnOrder?.rawValue)
    return words
  }
}

/// A factor as the paper writes it: √2 where it is.
func factor(_ value: Double) -> String {
  value == 2.0.squareRoot() ? "√2" : short(value, digits: 6)
}

/// A word as a POSIX shell takes it.
func shellQuoted(_ word: String) -> String {
  let isPlain = word.unicodeScalars.allSatisfy { scalar in
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", "=", ",", ":", "+", "@", "%": true
    default: false
    }
  }
  if isPlain, !word.isEmpty { return word }
  return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
