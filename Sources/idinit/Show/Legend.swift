import IDInit

/// What a drawing says about its rule: what it is, its formula with the shape's numbers, its numbers, its source.
struct Legend {
  var title: String
  var formula: String
  var numbers: String?
  var source: String

  /// What there is to say about `rule` on a weight of this geometry, made with this seed.
  init(_ rule: Rule, geometry: WeightGeometry, seed: UInt64) {
    let isKernel = !geometry.windowAxes.isEmpty
    let (rows, columns) = (geometry.rows, geometry.columns)
    let window = geometry.windowAxes.map { "\(geometry.shape[$0])" }.joined(separator: "·")
    let matrix = isKernel ? "W = \(rows)×(\(geometry.channels)·\(window))" : ""
    func order(_ order: ColumnOrder) -> String {
      isKernel
        ? "; \(matrix), \(order == .channelFirst ? "channel slow, window fast" : "window slow, channel fast")" : ""
    }
    func number(_ value: Double) -> String { short(value, digits: 6) }
    func squared(_ std: Double) -> String { number(std).contains("e") ? "(\(number(std)))²" : "\(number(std))²" }
    func tau(_ gain: Double, _ looseness: Double, _ symbol: String = "τ") -> String {
      looseness > 0
        ? "\(symbol)ₘ ~ N(\(number(gain)), \(squared(looseness))), seed \(seed)"
        : "\(symbol)ₘ = \(number(gain)), exact (no looseness)"
    }

    switch rule {
    case .identity(let rule):
      title = isKernel ? "IDIC(τ), patch-maintain identity" : "IDI(τ), padded identity"
      formula = "\(isKernel ? "W" : "w")[m][j] = τₘ where j = m mod \(columns), else 0" + order(rule.columnOrder)
      numbers = tau(rule.gain, rule.looseness)
      source =
        isKernel ? "IDInit, Section 3.3.1, Equation 6 and Figure 10" : "IDInit, Section 3.2, Equation 3 and Figure 3"
    case .nearZeroIdentity(let rule):
      title = isKernel ? "IDIZC(ε), patch-maintain near-zero" : "IDIZ(ε), near-zero identity"
      let letter = isKernel ? "W" : "w"
      let second =
        rows < columns
        ? "\(letter)[:, \(rows):] = IDI(−ε)"
        : "\(letter)[m][(m mod \(columns) + 1) mod \(columns)] = −ε"
      formula = "\(letter)[m][m mod \(columns)] = ε, \(second), else 0" + order(rule.columnOrder)
      numbers = "ε = \(number(rule.epsilon)): every output is a difference of two inputs, ε·(v₁ − v₂)"
      if columns == 1 {
        formula = "\(letter)[m][0] = −ε: the last of the two writes stays"
        numbers = "ε = \(number(rule.epsilon)): a single input has no second one to subtract"
      }
      source = "IDInit, Section 3.3.2, Equation 8 and Figure \(isKernel ? "10" : "6")"
    case .centreTap(let rule):
      title = "centre-tap identity (channel-maintain)"
      formula = "w[m][c][centre] = τₘ where c = m mod \(geometry.channels), else 0"
      if !isKernel { formula = "w[m][j] = τₘ where j = m mod \(columns), else 0" }
      numbers = tau(rule.gain, rule.looseness)
      source = "ZerO's kernel, as IDInit ablates it in Sections 3.3.1 and 4.4"
    case .xavier(let rule):
      title = "Xavier (Glorot), \(rule.distribution.rawValue)"
      formula =
        "std = gain·√(2/(fan_in + fan_out)) = \(number(rule.std(geometry)))"
        + Self.bound(rule.distribution, rule.std(geometry))
      numbers =
        "gain \(number(rule.gain)), fan_in \(geometry.torchFanIn), fan_out \(geometry.torchFanOut), seed \(seed)"
      source = "Glorot and Bengio 2010; torch.nn.init.xavier_\(rule.distribution.rawValue)_"
    case .kaiming(let rule):
      title = "Kaiming (He), \(rule.distribution.rawValue)"
      formula =
        "std = gain/√\(rule.mode.rawValue) = \(number(rule.std(geometry)))"
        + Self.bound(rule.distribution, rule.std(geometry))
      let fan = rule.mode == .fanIn ? geometry.torchFanIn : geometry.torchFanOut
      var nonlinearity = rule.nonlinearity.name
      if case .leakyReLU(let slope) = rule.nonlinearity { nonlinearity += "(\(number(slope)))" }
      numbers =
        "gain \(number(rule.nonlinearity.value)) for \(nonlinearity), \(rule.mode.rawValue) \(fan), seed \(seed)"
      source = "He et al. 2015; torch.nn.init.kaiming_\(rule.distribution.rawValue)_"
    case .orthogonal(let rule):
      title = "orthogonal"
      let unit = "\(rule.gain == 1 ? "" : "gain²·")I"
      formula = rows <= columns ? "W·Wᵀ = \(unit) (\(rows)×\(rows))" : "Wᵀ·W = \(unit) (\(columns)×\(columns))"
      numbers = "gain \(number(rule.gain)), seed \(seed)"
      source = "Saxe et al. 2013; torch.nn.init.orthogonal_"
    case .hadamard(let rule):
      title = "Hadamard (ZerO)"
      let isPartial = !rule.isHadamard(rows: rows, channels: geometry.channels)
      let position = isKernel ? "[centre]" : ""
      formula =
        isPartial
        ? "w[m][m]\(position) = gain, else 0: outputs do not outnumber inputs, so a partial identity"
        : "w[m][j]\(position) = gain·scale·(−1)^popcount(m & j)" + (isKernel ? ", else 0" : "")
      numbers = "gain \(number(rule.gain))"
      if !isPartial { numbers? += ", \(rule.normalization.rawValue) scale" }
      if rule.looseness > 0 { numbers? += ", looseness \(number(rule.looseness)), seed \(seed)" }
      source = "ZerO, Zhao et al. 2021, Algorithms 1 and 2"
    case .partialIdentity(let rule):
      title = "partial identity (zero padding)"
      formula = "w[m][m]\(isKernel ? "[centre]" : "") = τₘ where m < \(min(rows, geometry.channels)), else 0"
      numbers = tau(rule.gain, rule.looseness)
      source = "ZerO, Zhao et al. 2021; \"zero padding\" in IDInit's Figure 4"
    case .truncatedNormal(let rule):
      let limits = rule.limits
      title = "truncated normal"
      formula = "N(\(number(rule.mean)), \(squared(rule.std))) between \(number(limits.low)) and \(number(limits.high))"
      numbers = "seed \(seed); std is that before truncation"
      source = "torch.nn.init.trunc_normal_"
    case .normal(let rule):
      title = "normal"
      formula = "N(\(number(rule.mean)), \(squared(rule.std)))"
      numbers = "seed \(seed)"
      source = "torch.nn.init.normal_"
    case .uniform(let rule):
      title = "uniform"
      formula = "U(\(number(rule.low)), \(number(rule.high)))"
      numbers = "seed \(seed)"
      source = "torch.nn.init.uniform_"
    case .constant(let rule):
      title = "constant"
      formula = "w = \(number(rule.value))"
      source = "torch.nn.init.constant_"
    case .zero:
      title = "zero"
      formula = "w = 0"
      source = "torch.nn.init.zeros_"
    }
  }

  private static func bound(_ distribution: Distribution, _ std: Double) -> String {
    distribution == .uniform ? "; U(±√3·std) = U(±\(short(3.0.squareRoot() * std, digits: 6)))" : ""
  }
}

extension Rule {
  /// Whether the seed makes a difference.
  var isRandom: Bool {
    switch self {
    case .identity(let rule): rule.looseness > 0
    case .centreTap(let rule): rule.looseness > 0
    case .partialIdentity(let rule): rule.looseness > 0
    case .hadamard(let rule): rule.looseness > 0
    case .normal(let rule): rule.std > 0
    case .xavier, .kaiming, .orthogonal, .truncatedNormal, .uniform: true
    case .nearZeroIdentity, .constant, .zero: false
    }
  }

  /// Where the rule starts new blocks in a matrix.
  func blocks(rows: Int, columns: Int) -> BlockStructure {
    var blocks = BlockStructure()
    func stack(_ width: Int, from column: Int) {
      guard width > 1 else { return }
      blocks.rowCuts += stride(from: width, to: rows, by: width).map { .init(row: $0, fromColumn: column) }
    }
    switch self {
    case .identity, .centreTap:
      if rows < columns { blocks.columnCuts = [rows] } else { stack(columns, from: 0) }
    case .nearZeroIdentity:
      if rows < columns {
        blocks.columnCuts = [rows]
        // The right-hand part is an IDI(−ε) of its own: padded with zeros, or stacked.
        if columns - rows > rows { blocks.columnCuts.append(2 * rows) } else { stack(columns - rows, from: rows) }
      } else {
        stack(columns, from: 0)
      }
    case .partialIdentity:
      if rows < columns { blocks.columnCuts = [rows] }
      if rows > columns { blocks.rowCuts = [.init(row: columns)] }
    case .hadamard: if rows < columns { blocks.columnCuts = [rows] }
    case .xavier, .kaiming, .orthogonal, .truncatedNormal, .normal, .uniform, .constant, .zero: break
    }
    return blocks
  }
}

extension Legend {
  /// How a kernel's drawing is to be read; nil for a matrix.
  static func layout(_ geometry: WeightGeometry) -> String? {
    guard !geometry.windowAxes.isEmpty else { return nil }
    let window = geometry.windowAxes.map { "\(geometry.shape[$0])" }.joined(separator: "×")
    let slices = geometry.windowAxes.count == 3 ? ", its slices side by side," : ""
    return "a window of \(window)\(slices) for each output channel (down) and input channel (across)"
  }
}
