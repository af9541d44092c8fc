import Testing
import Torch

/// Counts are the process's, so that these run one after the other; other suites' operations may be counted with them.
@Suite(.serialized)
struct ProfileTests {
  /// An operation that no other test calls.
  private func rare(_ x: Tensor) throws -> Tensor {
    try adaptiveMaxPool(x, size: [2, 2, 2])
  }

  @Test func operationsAreCountedByName() throws {
    let x = try sines([2, 2, 4, 4, 4], 0.9, 0.1)
    let (y, times) = try Profile.measure {
      _ = try rare(x)
      return try rare(x)
    }
    #expect(y.shape == [2, 2, 2, 2, 2])
    let entry = try #require(times["aten::adaptive_max_pool3d"])
    #expect(entry.calls == 2)
    #expect(entry.seconds > 0)
    #expect(times.entries.allSatisfy { $0.calls > 0 && $0.seconds >= 0 })
    #expect(times.entries.map(\.seconds) == times.entries.map(\.seconds).sorted(by: >))
    #expect(abs(times.seconds - times.entries.map(\.seconds).reduce(0, +)) < 1e-9)
  }

  @Test func theBackwardPassIsCounted() throws {
    let x = try sines([2, 2, 4, 4, 4], 0.9, 0.1).settingRequiresGrad()
    let loss = try rare(x).sum()
    let (_, times) = try Profile.measure { try loss.backward() }
    #expect(times["AdaptiveMaxPool3DBackward0"]?.calls == 1)
    #expect(times["aten::adaptive_max_pool3d"] == nil)
  }

  /// What an operation calls is not in its own time: the matrix product is far longer than all around it.
  @Test func timesAreOnesOwn() throws {
    let x = try sines([700, 700], 0.9, 0.1)
    let (_, times) = try Profile.measure { _ = try linear(x, weight: x) }
    let outer = try #require(times["aten::linear"])
    let inner = times.entries.filter { ["aten::mm", "aten::matmul", "aten::addmm"].contains($0.name) }
    #expect(outer.seconds < inner.reduce(0) { $0 + $1.seconds })
  }

  @Test func nothingIsCountedOutside() throws {
    let x = try sines([2, 2, 4, 4, 4], 0.9, 0.1)
    _ = try rare(x)
    let (_, times) = try Profile.measure {}
    _ = try rare(x)
    #expect(times["aten::adaptive_max_pool3d"] == nil)
    // Nor is it caught up on later.
    #expect(try Profile.measure {}.times["aten::adaptive_max_pool3d"] == nil)
  }

  @Test func measuresNest() throws {
    let x = try sines([2, 2, 4, 4, 4], 0.9, 0.1)
    let (inner, outer) = try Profile.measure {
      _ = try rare(x)
      let (_, inner) = try Profile.measure { _ = try rare(x) }
      _ = try rare(x)
      return inner
    }
    #expect(inner["aten::adaptive_max_pool3d"]?.calls == 1)
    #expect(outer["aten::adaptive_max_pool3d"]?.calls == 3)
  }

  /// After work that failed, nothing goes on being counted.
  @Test func aFailureEndsTheCounting() throws {
    struct Broken: Error {}
    let x = try sines([2, 2, 4, 4, 4], 0.9, 0.1)
    #expect(throws: Broken.self) { try Profile.measure { throw Broken() } }
    _ = try rare(x)
    #expect(try Profile.measure {}.times["aten::adaptive_max_pool3d"] == nil)
  }
}
