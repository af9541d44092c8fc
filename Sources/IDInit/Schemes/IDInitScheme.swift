/// Fully identical initialisation, the paper's scheme (end of Section 3.3.2, Appendices A.4 and B).
///
/// - Non-residual networks: IDI on every linear layer, IDIC on every convolution, the last one included.
/// - Residual networks: the same, but IDIZ and IDIZC on the last weight of every residual stem and on the last
///   classification layer.
/// - τ is 1, except √2 on the first layer of a ReLU network.
/// - Biases 0, scalar ones too. Normalisations, embeddings and position tables are kept.
/// - A number that multiplies a whole stem (ReZero, SkipInit, Fixup) is 1 where the stem's last weight is IDIZ: the
///   paper says nothing of such networks, but a multiplier left at ReZero's 0 on a stem that starts from ε would give
///   neither of them a gradient to speak of. Vectors (layer scale) are kept.
public struct IDInitScheme: InitializationScheme, Hashable, Codable {
  /// What a convolution other than the last of its stem gets.
  public enum Convolution: String, Hashable, Codable, Sendable, CaseIterable {
    /// IDIC: the identity through the reshaped kernel (Section 3.3.1, patch-maintain).
    case patch
    /// The identity on the kernel's centre (channel-maintain): the paper's ablation "w/o IDIC".
    case centreTap = "centre-tap"
  }

  /// What the last weight of a stem and the head get.
  public enum LastWeight: String, Hashable, Codable, Sendable, CaseIterable {
    /// IDIZ and IDIZC (Section 3.3.2).
    case nearZero = "near-zero"
    /// Exactly 0: the paper's ablation "w/o IDIZC".
    case zero
  }

  /// `idinit`; for the paper's ablations also what differs: `idinit-centre-tap`, `idinit-zero`.
  public var name: String {
    var name = "idinit"
    if convolution == .centreTap { name += "-centre-tap" }
    // IDIC and IDIZC have columns; where no kernel is either, their order says nothing.
    let hasColumns = convolution == .patch || lastWeight == .nearZero
    if columnOrder == .windowFirst, hasColumns { name += "-window-first" }
    return lastWeight == .zero ? name + "-zero" : name
  }

  /// τ of every layer but the first.
  public var gain = 1.0
  /// τ of the first layer when a ReLU follows it.
  public var firstReLUGain = 2.0.squareRoot()
  /// ε_τ: the standard deviation of τ (the loose condition of Section 3.2.1); 0 turns it off.
  public var looseness = 1e-6
  /// ε of IDIZ and IDIZC.
  public var epsilon = 1e-6
  /// The order of a kernel's columns.
  public var columnOrder = ColumnOrder.channelFirst
  /// What convolutions get.
  public var convolution = Convolution.patch
  /// What the last weight of a stem and the head get.
  public var lastWeight = LastWeight.nearZero

  /// The scheme as the paper has it.
  public init() {}

  /// The scheme with other choices for kernels and last weights: the paper's ablations, or the other reading of its
  /// column order.
  public init(
    convolution: Convolution = .patch, columnOrder: ColumnOrder = .channelFirst, lastWeight: LastWeight = .nearZero
  ) {
    self.convolution = convolution
    self.columnOrder = columnOrder
    self.lastWeight = lastWeight
  }

  public func assignment(
    for parameter: ParameterDescription, in structure: NetworkStructure
  ) throws(PlanError) -> RuleAssignment {
    if let assignment = RuleAssignment.ofMultiplier(parameter, in: structure, where: { !$0.last.isEmpty }) {
      return assignment
    }
    if let assignment = RuleAssignment.ofNonWeight(parameter) { return assignment }
    switch parameter.role {
    case _ where parameter.endsStem, .head:
      guard lastWeight == .nearZero else { return RuleAssignment(.zero, "exactly 0 (ablation)") }
      let columns = parameter.geometry?.columns ?? 0
      return RuleAssignment(
        .nearZeroIdentity(NearZeroIdentityRule(epsilon: epsilon, columnOrder: columnOrder)),
        columns == 1 ? "one input only: every weight is −ε, as there is no second input to subtract" : "")
    default:
      let isFirstBeforeReLU = parameter.role == .first && parameter.reluFollows
      let gain = isFirstBeforeReLU ? firstReLUGain : self.gain
      let isConvolution = parameter.geometry?.windowAxes.isEmpty == false
      if isConvolution, convolution == .centreTap {
        return RuleAssignment(
          .centreTap(CentreTapRule(gain: gain, looseness: looseness)), "channel-maintain (ablation)")
      }
      return RuleAssignment(.identity(IdentityRule(gain: gain, looseness: looseness, columnOrder: columnOrder)))
    }
  }

  public func notes(for structure: NetworkStructure) -> [String] {
    guard !structure.isResidual else { return structure.noteOfTiedHead.map { [$0] } ?? [] }
    return [
      "no residual block: every layer starts as the identity, the last one too, so that the first loss is not that of "
        + "equal classes"
    ]
  }
}
