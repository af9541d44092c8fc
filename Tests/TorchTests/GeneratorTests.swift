import Testing
import Torch

struct GeneratorTests {
  private struct Golden: Decodable {
    struct Draws: Decodable {
      let randn10: [Int32]
      let randn64: [Int32]
      let rand10: [Int32]
      let randperm20: [Int]
      let randint10: [Int]
    }
    let seeds: Seeds
    struct Seeds: Decodable {
      let draws: [String: Draws]
      let dropout: [Int32]

      init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: Key.self)
        var draws: [String: Draws] = [:]
        for key in table.allKeys where key.stringValue != "dropout" {
          draws[key.stringValue] = try table.decode(Draws.self, forKey: key)
        }
        self.draws = draws
        dropout = try table.decode([Int32].self, forKey: Key(stringValue: "dropout"))
      }

      struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
      }
    }
  }

  private func bits(_ tensor: Tensor) throws -> [Int32] {
    try tensor.array(of: Float.self).map { Int32(bitPattern: $0.bitPattern) }
  }

  @Test(arguments: [0, 7, 1 << 40 + 1] as [UInt64])
  func drawsAreBitForBitThoseOfPyTorch(_ seed: UInt64) throws {
    let golden = try #require(try Fixture.decode(Golden.self, "random.json").seeds.draws[String(seed)])
    let generator = { try Generator(seed: seed) }
    #expect(try bits(Tensor.randn([10], generator: generator())) == golden.randn10)
    #expect(try bits(Tensor.randn([64], generator: generator())) == golden.randn64)
    #expect(try bits(Tensor.rand([10], generator: generator())) == golden.rand10)
    #expect(try Tensor.randperm(20, generator: generator()).array(of: Int.self) == golden.randperm20)
    #expect(try Tensor.randint([10], high: 1000, generator: generator()).array(of: Int.self) == golden.randint10)
  }

  @Test func dropoutIsThatOfPyTorch() throws {
    let golden = try Fixture.decode(Golden.self, "random.json").seeds.dropout
    let y = try dropout(Tensor.ones([32]), probability: 0.25, generator: Generator(seed: 7))
    #expect(try bits(y) == golden)
  }

  @Test func aStateContinuesWhereItWasTaken() throws {
    let generator = try Generator(seed: 3)
    _ = try Tensor.randn([17], generator: generator)
    let state = try generator.state()
    let next = try bits(Tensor.randn([33], generator: generator))
    let other = try Generator(seed: 99)
    #expect(try bits(Tensor.randn([33], generator: other)) != next)
    try other.restore(state)
    #expect(try bits(Tensor.randn([33], generator: other)) == next)
    try other.seed(3)
    _ = try Tensor.randn([17], generator: other)
    #expect(try other.state() == state)
  }

  @Test func aStateThatIsNoneIsRefused() throws {
    let generator = try Generator(seed: 3)
    let state = try generator.state()
    #expect(throws: TorchError.self) { try generator.restore([1, 2, 3]) }
    #expect(try generator.state() == state)
  }

  /// Moments of 10⁵ draws: standard errors 1/√n and √(2/n).
  @Test func fillsHaveTheirMoments() throws {
    let x = try Tensor.empty([100_000])
    try x.fillNormal(mean: 2, standardDeviation: 0.5, generator: Generator(seed: 1))
    #expect(abs(try x.mean().item() - 2) < 5 * 0.5 / 316)
    #expect(abs(try x.variance().item() - 0.25) < 5 * 0.25 * 0.0045)
    try x.fillUniform(low: -1, high: 3, generator: Generator(seed: 1))
    #expect(abs(try x.mean().item() - 1) < 5 * 1.155 / 316)
    #expect(try x.min().item() >= -1 && x.max().item() < 3)
    try x.fillBernoulli(probability: 0.2, generator: Generator(seed: 1))
    #expect(abs(try x.mean().item() - 0.2) < 5 * 0.4 / 316)
  }
}
