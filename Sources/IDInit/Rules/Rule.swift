/// A way to initialise one weight, with its numbers. The only register of rules: a new rule is a file and a case here.
///
/// As JSON a rule is one flat object, `{"rule": "idi", "gain": 1, "looseness": 1e-06, "columnOrder": "channel-first"}`;
/// numbers that are left out take their defaults, unknown keys are errors.
public enum Rule: Hashable, Sendable {
  /// IDI and IDIC.
  case identity(IdentityRule)
  /// IDIZ and IDIZC.
  case nearZeroIdentity(NearZeroIdentityRule)
  /// The identity at a kernel's centre.
  case centreTap(CentreTapRule)
  /// Xavier, uniform or normal.
  case xavier(XavierRule)
  /// Kaiming, uniform or normal, and PyTorch's own default.
  case kaiming(KaimingRule)
  /// A random orthogonal matrix.
  case orthogonal(OrthogonalRule)
  /// ZerO's matrix.
  case hadamard(HadamardRule)
  /// The identity, padded with zeros.
  case partialIdentity(PartialIdentityRule)
  /// A normal distribution that is cut off.
  case truncatedNormal(TruncatedNormalRule)
  /// A normal distribution.
  case normal(NormalRule)
  /// A uniform distribution.
  case uniform(UniformRule)
  /// One value everywhere.
  case constant(ConstantRule)
  /// 0 everywhere.
  case zero

  /// The names that command lines and files use.
  public enum Name: String, Codable, CaseIterable, Sendable {
    /// The paper's rules, for matrices and for kernels.
    case idi, idic, idiz, idizc
    /// ``CentreTapRule``.
    case centreTap = "centre-tap"
    /// ``XavierRule`` with the uniform distribution.
    case xavierUniform = "xavier-uniform"
    /// ``XavierRule`` with the normal distribution.
    case xavierNormal = "xavier-normal"
    /// ``KaimingRule`` with the uniform distribution.
    case kaimingUniform = "kaiming-uniform"
    /// ``KaimingRule`` with the normal distribution.
    case kaimingNormal = "kaiming-normal"
    /// ``KaimingRule/torchDefault``.
    case torchDefault = "torch-default"
    /// ``OrthogonalRule`` and ``HadamardRule``.
    case orthogonal, hadamard
    /// ``PartialIdentityRule``.
    case partialIdentity = "partial-identity"
    /// ``TruncatedNormalRule``.
    case truncatedNormal = "truncated-normal"
    /// ``NormalRule``, ``UniformRule``, ``ConstantRule`` and ``ZeroRule``.
    case normal, uniform, constant, zero

    /// One line for a list of rules.
    public var summary: String {
      switch self {
      case .idi: "IDI(τ): identity, padded with further identities, loosened by noise of 1e-6"
      case .idic: "IDIC(τ): IDI of a kernel's matrix out × (in·k…k)"
      case .idiz: "IDIZ(ε): near zero, every row a difference of two inputs"
      case .idizc: "IDIZC(ε): IDIZ of a kernel's matrix out × (in·k…k)"
      case .centreTap: "identity at a kernel's centre, zeros around it (channel-maintain)"
      case .xavierUniform: "Xavier/Glorot, uniform, as torch.nn.init.xavier_uniform_"
      case .xavierNormal: "Xavier/Glorot, normal, as torch.nn.init.xavier_normal_"
      case .kaimingUniform: "Kaiming/He, uniform, as torch.nn.init.kaiming_uniform_"
      case .kaimingNormal: "Kaiming/He, normal, as torch.nn.init.kaiming_normal_"
      case .torchDefault: "what torch.nn.Linear and Conv do by themselves: U(±1/√fan_in)"
      case .orthogonal: "random orthogonal matrix (Haar), as torch.nn.init.orthogonal_"
      case .hadamard: "ZerO: Hadamard where outputs outnumber inputs, else partial identity"
      case .partialIdentity: "identity padded with zeros"
      case .truncatedNormal: "normal, cut off at a number of standard deviations or at two values"
      case .normal: "normal"
      case .uniform: "uniform"
      case .constant: "one value"
      case .zero: "zero"
      }
    }
  }

  /// The rule called `name` with these numbers; what is not set takes its default.
  public init(_ name: Name, _ options: RuleOptions = RuleOptions()) throws(RuleError) {
    var rest = options
    switch name {
    case .idi, .idic: self = .identity(IdentityRule(&rest))
    case .idiz, .idizc: self = .nearZeroIdentity(NearZeroIdentityRule(&rest))
    case .centreTap: self = .centreTap(CentreTapRule(&rest))
    case .xavierUniform, .xavierNormal:
      var rule = XavierRule(&rest)
      rule.distribution = name == .xavierNormal ? .normal : .uniform
      self = .xavier(rule)
    case .kaimingUniform, .kaimingNormal:
      var rule = try KaimingRule(&rest)
      rule.distribution = name == .kaimingNormal ? .normal : .uniform
      self = .kaiming(rule)
    case .torchDefault: self = .kaiming(.torchDefault)
    case .orthogonal: self = .orthogonal(OrthogonalRule(&rest))
    case .hadamard: self = .hadamard(HadamardRule(&rest))
    case .partialIdentity: self = .partialIdentity(PartialIdentityRule(&rest))
    case .truncatedNormal: self = .truncatedNormal(try TruncatedNormalRule(&rest))
    case .normal: self = .normal(NormalRule(&rest))
    case .uniform: self = .uniform(UniformRule(&rest))
    case .constant: self = .constant(try ConstantRule(&rest))
    case .zero: self = .zero
    }
    if let unused = rest.names.first {
      var known = try name.defaultOptions.names
      if name == .truncatedNormal { known += ["low", "high"] }
      let list = known.isEmpty ? "it has none" : "its options are " + known.joined(separator: ", ")
      throw RuleError(.unknownOption, name.rawValue, "the option \(unused) does nothing for this rule; \(list)")
    }
  }

  /// The rule called `name` (for example "idi" or "kaiming-normal"). Unknown names name the nearest known one.
  public init(named name: String, _ options: RuleOptions = RuleOptions()) throws(RuleError) {
    guard let known = Name(rawValue: name) else {
      let all = Name.allCases.map(\.rawValue)
      let nearest = didYouMean(name, among: all).map { " (\($0))" } ?? ""
      throw RuleError(
        .unknownRule, name, "no rule has this name\(nearest); the rules are \(all.joined(separator: ", "))")
    }
    try self.init(known, options)
  }

  /// The name under which this rule is written. Kernels have the same rules as matrices: `idic` is `idi`, `idizc` is
  /// `idiz`.
  public var name: Name {
    switch self {
    case .identity: .idi
    case .nearZeroIdentity: .idiz
    case .centreTap: .centreTap
    case .xavier(let rule): rule.distribution == .normal ? .xavierNormal : .xavierUniform
    case .kaiming(let rule): rule.distribution == .normal ? .kaimingNormal : .kaimingUniform
    case .orthogonal: .orthogonal
    case .hadamard: .hadamard
    case .partialIdentity: .partialIdentity
    case .truncatedNormal: .truncatedNormal
    case .normal: .normal
    case .uniform: .uniform
    case .constant: .constant
    case .zero: .zero
    }
  }

  /// The rule's numbers, all of them.
  public var options: RuleOptions { weightRule.options }

  /// Whether a weight that holds several matrices gets this rule in each of them: so it is with identities, whose place
  /// is the meaning. Random rules take such a weight as one, as `torch.nn.init` does.
  var isLaidIntoParts: Bool {
    switch self {
    case .identity, .nearZeroIdentity, .centreTap, .hadamard, .partialIdentity: true
    case .xavier, .kaiming, .orthogonal, .truncatedNormal, .normal, .uniform, .constant, .zero: false
    }
  }

  /// What to say of this rule on a weight that holds several matrices, of which `stack` are of one make; nil where it
  /// makes no difference.
  func packing(stack: Int) -> String? {
    switch self {
    case .xavier, .orthogonal: stack > 1 ? "each of the stack by itself" : "taken as one, as torch.nn.init does"
    default: isLaidIntoParts ? "each by itself" : nil
    }
  }

  var weightRule: any WeightRule {
    switch self {
    case .identity(let rule): rule
    case .nearZeroIdentity(let rule): rule
    case .centreTap(let rule): rule
    case .xavier(let rule): rule
    case .kaiming(let rule): rule
    case .orthogonal(let rule): rule
    case .hadamard(let rule): rule
    case .partialIdentity(let rule): rule
    case .truncatedNormal(let rule): rule
    case .normal(let rule): rule
    case .uniform(let rule): rule
    case .constant(let rule): rule
    case .zero: ZeroRule()
    }
  }
}

extension Rule.Name {
  /// The options that the rule takes, with their defaults.
  public var defaultOptions: RuleOptions {
    get throws(RuleError) {
      var options = RuleOptions()
      if self == .constant { options.value = 0 }
      if self == .torchDefault { return options }
      return try Rule(self, options).options
    }
  }
}
