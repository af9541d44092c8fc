import Testing

@testable import IDInit

@Suite("Rules on weights that hold several matrices")
struct PackedRulesTests {
  /// An LSTM of 8 inputs and a state of 6: [24, 8] and [24, 6].
  private func lstm() throws -> NetworkGraph {
    var s = GraphSketch()
    let x = try s.input("x", [5, 2, 8])
    let parameters = [try s.parameter("w_ih", [24, 8]), try s.parameter("w_hh", [24, 6])]
    let y = try s.pieces(
      "aten.lstm.input",
      [.value(x), .values([]), .values(parameters), .boolean(false), .integer(1), .real(0), .boolean(false)],
      [[5, 2, 6]])
    try s.output(y[0])
    return s.graph
  }

  private func rows(_ plan: InitializationPlan, _ name: String, columns: Int) throws -> [[Double]] {
    let values = try #require(try plan.values(as: Double.self)[name])
    return stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<$0 + columns]) }
  }

  @Test("IDI is laid into every gate of both weights, and the plan says so")
  func identity() throws {
    var scheme = IDInitScheme()
    scheme.looseness = 0
    let plan = try InitializationPlan(scheme, for: try lstm())
    for (name, columns) in [("w_ih", 8), ("w_hh", 6)] {
      // Every gate is the identity of its own 6 rows: were the 24 rows one matrix, gate 1 would start at column 6.
      for (row, values) in try rows(plan, name, columns: columns).enumerated() {
        #expect(values.indices.filter { values[$0] != 0 } == [row % 6], "\(name) \(row)")
      }
      #expect(plan[name]?.reason.hasSuffix("4 gates in one matrix; each by itself") == true)
    }
  }

  @Test("orthogonal and Xavier take all gates as one matrix, as torch.nn.init does, and the plan says so")
  func whole() throws {
    let graph = try lstm()
    let orthogonal = try InitializationPlan(OrthogonalScheme(), for: graph)
    // orthogonal_ of a tall matrix: its columns are orthonormal. Four orthogonal gates would give 4 on the diagonal.
    let w = try rows(orthogonal, "w_hh", columns: 6)
    for i in 0..<6 {
      for j in 0..<6 {
        let product = w.reduce(0) { $0 + $1[i] * $1[j] }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
      }
    }
    let xavier = try InitializationPlan(XavierScheme(), for: graph)
    for (name, columns) in [("w_ih", 8), ("w_hh", 6)] {
      let largest = try rows(xavier, name, columns: columns).joined().map(\.magnitude).max() ?? 0
      let bound = (6.0 / Double(24 + columns)).squareRoot()
      // Of 144 draws the largest is below 0.95 of the bound once in 1,600 times.
      #expect(largest <= bound && largest > 0.95 * bound, "\(name)")
    }
    for plan in [orthogonal, xavier] {
      #expect(plan["w_hh"]?.reason == "4 gates in one matrix; taken as one, as torch.nn.init does")
    }
  }

  @Test("each of a stack of matrices is drawn by itself")
  func stack() throws {
    var s = GraphSketch()
    let experts = try s.parameter("up", [3, 5, 4])
    let x = try s.input("x", [3, 6, 5])
    try s.output(try s.node("aten.bmm.default", [x, experts], [3, 6, 4]))
    let plan = try InitializationPlan(OrthogonalScheme(), for: s.graph)
    let values = try #require(try plan.values(as: Double.self)["up"])
    for expert in 0..<3 {
      for i in 0..<4 {
        let square = (0..<5).reduce(0.0) { $0 + values[expert * 20 + $1 * 4 + i] * values[expert * 20 + $1 * 4 + i] }
        #expect(abs(square - 1) < 1e-12)
      }
    }
    #expect(plan["up"]?.reason.hasSuffix("each of the stack by itself") == true)
  }
}
