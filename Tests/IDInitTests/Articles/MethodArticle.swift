import IDInit
import Testing

// The Swift code of the article "The method in ten minutes", word for word: ArticleTests compares the two.

/// The weight that a rule gives a linear layer, a row an output.
func linearWeight(_ rule: Rule, out: Int, in inputs: Int) throws -> [[Float]] {
  var values = [Float](repeating: 0, count: out * inputs)
  try values.withUnsafeMutableBufferPointer { buffer in
    try rule.fill(buffer, geometry: .linear(out: out, in: inputs), seed: 0, name: "layer.weight")
  }
  return (0..<out).map { Array(values[$0 * inputs..<($0 + 1) * inputs]) }
}

@Suite("The method in ten minutes") struct MethodArticle {
  @Test("a tall weight stacks identities, a wide one ends in zeros") func paddedIdentity() throws {
    // Without the noise, so that the numbers can be read.
    let identity = Rule.identity(IdentityRule(looseness: 0))
    let tall = try linearWeight(identity, out: 5, in: 2)
    let wide = try linearWeight(identity, out: 2, in: 5)

    #expect(tall == [[1, 0], [0, 1], [1, 0], [0, 1], [1, 0]])
    #expect(wide == [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]])
  }

  @Test("the loose condition sets copies apart by 1e-6") func looseness() throws {
    let loose = try linearWeight(.identity(IdentityRule()), out: 5, in: 2)

    #expect(loose[0][0] != loose[2][0])
    // Six standard deviations, and the spacing of Float near 1.
    #expect(loose.allSatisfy { row in row.allSatisfy { $0 == 0 || abs($0 - 1) < 6e-6 + 1.2e-7 } })
  }

  @Test("rows of the near-zero identity are differences of two inputs") func nearZero() throws {
    let nearZero = Rule.nearZeroIdentity(NearZeroIdentityRule(epsilon: 1e-6))
    let square = try linearWeight(nearZero, out: 3, in: 3)
    let wider = try linearWeight(nearZero, out: 2, in: 4)

    let ε: Float = 1e-6
    #expect(square == [[ε, -ε, 0], [0, ε, -ε], [-ε, 0, ε]])
    #expect(wider == [[ε, 0, -ε, 0], [0, ε, 0, -ε]])
  }

  @Test("the first kernels of IDIC each take another place of the window") func kernels() throws {
    let geometry = WeightGeometry.convolution(shape: [4, 2, 3, 3])
    var kernel = [Float](repeating: 0, count: geometry.elementCount)
    try kernel.withUnsafeMutableBufferPointer { buffer in
      try Rule.identity(IdentityRule(looseness: 0)).fill(buffer, geometry: geometry, seed: 0, name: "conv.weight")
    }
    let places = kernel.indices.filter { kernel[$0] != 0 }.map { $0 % 18 }

    #expect(places == [0, 1, 2, 3])
  }
}
