import Testing
import Torch

struct TensorTests {
  @Test func creation() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(x.shape == [2, 3] && x.strides == [3, 1] && x.rank == 2 && x.elementCount == 6)
    #expect(x.dtype == .float32 && x.device == .cpu && x.isContiguous)
    #expect(try Tensor.full([2], 1.5, dtype: .float64).array(of: Double.self) == [1.5, 1.5])
    #expect(try Tensor.arange(from: 2, to: 9, by: 3).array(of: Int.self) == [2, 5, 8])
    #expect(try Tensor.eye(2, 3).array(of: Float.self) == [1, 0, 0, 0, 1, 0])
    #expect(try Tensor(scalar: 3).shape == [])
    #expect(try Tensor([true, false]).dtype == .bool)
    #expect(try x.filledLike(2).array(of: Float.self) == [2, 2, 2, 2, 2, 2])
    #expect(try Tensor.zeros([0, 3]).array(of: Float.self) == [])
    let error = #expect(throws: TorchError.self) { try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }
    #expect(error?.kind == .argument)
    #expect(error?.description == "Tensor.init: the buffer holds 12 bytes, but the shape and element type need 16")
    #expect(throws: TorchError.self) { try Tensor.zeros([-1]) }
    #expect(throws: TorchError.self) { try Tensor.zeros([1], device: .cuda(99)) }
  }

  @Test(arguments: DType.allCases)
  func everyElementTypeHoldsItsNumbers(_ dtype: DType) throws {
    let x = try Tensor([0, 1] as [Float]).to(dtype)
    #expect(x.dtype == dtype)
    #expect(try x.array(of: Double.self) == [0, 1])
    #expect(try Tensor.zeros([3], dtype: dtype).withUnsafeBytes { $0.count } == 3 * dtype.byteCount)
  }

  @Test func views() throws {
    let x = try Tensor(Array(0..<24), shape: [2, 3, 4])
    #expect(try x.reshaped([4, -1]).shape == [4, 6])
    #expect(try x.view([24]).sharesMemory(with: x))
    #expect(try x.flattened(from: 1).shape == [2, 12])
    #expect(try x.transposed(0, 2).shape == [4, 3, 2])
    #expect(try x.permuted([2, 0, 1]).strides == [1, 12, 4])
    #expect(try x.index(1).shape == [3, 4])
    #expect(try x.index(1, 2, 3).integer() == 23)
    #expect(try x.index(-1, -1, -1).integer() == 23)
    #expect(try x.narrow(axis: 1, start: 1, length: 2).index(0, 0).array(of: Int.self) == [4, 5, 6, 7])
    #expect(try x.slice(axis: 2, from: 1, by: 2).index(0, 0).array(of: Int.self) == [1, 3])
    #expect(try x.slice(axis: 2, from: -1).shape == [2, 3, 1])
    #expect(try x.unsqueezed(0).shape == [1, 2, 3, 4])
    #expect(try x.unsqueezed(0).squeezed(0).shape == [2, 3, 4])
    #expect(try Tensor([1, 2]).unsqueezed(1).expanded([2, 3]).array(of: Int.self) == [1, 1, 1, 2, 2, 2])
    #expect(try x.index(0).diagonal().array(of: Int.self) == [0, 5, 10])
    #expect(try x.split(every: 3, axis: 2).map(\.shape) == [[2, 3, 3], [2, 3, 1]])
    #expect(try x.chunked(2, axis: -1).map(\.shape) == [[2, 3, 2], [2, 3, 2]])
    #expect(try x.size(-1) == 4)
    #expect(throws: TorchError.self) { try x.size(3) }
    #expect(throws: TorchError.self) { try x.split(every: 0) }
    #expect(throws: TorchError.self) { try x.transposed(0, 2).view([24]) }
    let error = #expect(throws: TorchError.self) { try x.select(axis: 1, 3) }
    #expect(error?.kind == .index && error?.operation == "Tensor.select")
  }

  @Test func gathering() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(try x.indexSelect(axis: 1, Tensor([2, 0])).array(of: Int.self) == [3, 1, 6, 4])
    #expect(try x.gather(axis: 1, Tensor([2, 0], shape: [2, 1])).array(of: Int.self) == [3, 4])
    #expect(try Tensor.concatenate([x, x], axis: 1).shape == [2, 6])
    #expect(try Tensor.stack([x, x], axis: 1).shape == [2, 2, 3])
    #expect(try x.flipped([1]).array(of: Int.self) == [3, 2, 1, 6, 5, 4])
    #expect(try x.repeated([1, 2]).shape == [2, 6])
    #expect(try x.lowerTriangle().array(of: Int.self) == [1, 0, 0, 4, 5, 0])
    #expect(try x.upperTriangle(diagonal: 1).array(of: Int.self) == [0, 2, 3, 0, 0, 6])
  }

  @Test func arithmetic() throws {
    let a = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let b = try Tensor([10, 20] as [Float])
    func list(_ tensor: Tensor) throws -> [Float] { try tensor.array() }
    #expect(try list(a + b) == [11, 22, 13, 24])
    #expect(try list(b - a) == [9, 18, 7, 16])
    #expect(try list(a * b) == [10, 40, 30, 80])
    #expect(try list(b / a) == [10, 10, 10 / 3, 5])
    #expect(try list(1 + a) == list(a + 1))
    #expect(try list(1 - a) == [0, -1, -2, -3])
    #expect(try list(2 * a) == list(a * 2))
    #expect(try list(12 / a) == [12, 6, 4, 3])
    #expect(try list(-a) == [-1, -2, -3, -4])
    #expect(try list(a.pow(2)) == [1, 4, 9, 16])
    #expect(try list(a.square().sqrt()) == [1, 2, 3, 4])
    #expect(try list(a.remainder(3)) == [1, 2, 0, 1])
    #expect(try list(a.clamp(min: 2, max: 3)) == [2, 2, 3, 3])
    #expect(try list(a.clamp(max: 2)) == [1, 2, 2, 2])
    #expect(throws: TorchError.self) { try a.clamp() }
    #expect(try list(a.maximum(Tensor([3, 3] as [Float]))) == [3, 3, 3, 4])
    #expect(try list(a.lerp(to: Tensor.zeros([2, 2]), weight: 0.5)) == [0.5, 1, 1.5, 2])
    #expect(try list(a.maskedFill(a.gt(2), 0)) == [1, 2, 0, 0])
    #expect(try list(Tensor.choose(where: a.gt(2), a, -a)) == [-1, -2, 3, 4])
    #expect(try list(a.log().exp()).map { $0.rounded() } == [1, 2, 3, 4])
    #expect(throws: TorchError.self) { try a + Tensor.zeros([3]) }
  }

  @Test func aNumberKeepsTheElementType() throws {
    let whole = try Tensor([1, 2, 3])
    #expect(try (whole + 1).dtype == .int64)
    #expect(try (whole * 0.5).dtype == .float32)
    #expect(try (Tensor([1, 2] as [Double]) * 0.1).array(of: Double.self) == [0.1, 0.2])
    // 2^53 + 1 is no Double; the tensor's own numbers stay exact all the same.
    #expect(try (Tensor([1 << 53]) + 1).integer() == 1 << 53 + 1)
  }

  @Test func inPlace() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float])
    let view = try x.narrow(axis: 0, start: 2, length: 2)
    try view.formAdd(Tensor([1, 1] as [Float]), scale: 10)
    try x.formSubtract(1)
    try x.formMultiply(2)
    #expect(try x.array(of: Float.self) == [0, 2, 24, 26])
    try view.fill(7)
    try x.formClamp(min: 1)
    try x.formDivide(2)
    #expect(try x.array(of: Float.self) == [0.5, 1, 3.5, 3.5])
    try x.narrow(axis: 0, start: 0, length: 2).formSubtract(1)
    try x.formReLU()
    #expect(try x.array(of: Float.self) == [0, 0, 3.5, 3.5])
    try x.copy(from: Tensor([9]))
    #expect(try x.array(of: Float.self) == [9, 9, 9, 9])
  }

  @Test func comparison() throws {
    let a = try Tensor([1, 2, 3] as [Float])
    func list(_ tensor: Tensor) throws -> [Bool] { try tensor.array() }
    #expect(try list(a.lt(2)) == [true, false, false])
    #expect(try list(a.le(2)) == [true, true, false])
    #expect(try list(a.eq(Tensor([1, 0, 3] as [Float]))) == [true, false, true])
    #expect(try list(a.ne(2).and(a.ge(2))) == [false, false, true])
    #expect(try list(a.gt(2).or(a.lt(2)).not()) == [false, true, false])
    #expect(try list(Tensor([1, .nan] as [Float]).isNaN()) == [false, true])
    #expect(try list(Tensor([1, .infinity] as [Float]).isFinite()) == [true, false])
    #expect(try a.isEqual(to: a.cloned()))
    #expect(try a.isClose(to: a + 1e-6, relative: 1e-5))
    #expect(try !a.isClose(to: a + 1e-3, relative: 1e-5))
  }

  @Test func reductions() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    func list(_ tensor: Tensor) throws -> [Float] { try tensor.array() }
    #expect(try x.sum().item() == 21)
    #expect(try list(x.sum([0])) == [5, 7, 9])
    #expect(try x.mean([-1], keepAxes: true).shape == [2, 1])
    #expect(try list(x.max([1])) == [3, 6])
    #expect(try x.min().item() == 1)
    #expect(try x.product().item() == 720)
    #expect(try list(x.product(1)) == [6, 120])
    #expect(try abs(x.variance().item() - 3.5) < 1e-6)
    #expect(try abs(x.variance(correction: 0).item() - 35.0 / 12) < 1e-6)
    #expect(try list(x.standardDeviation([1])) == [1, 1])
    #expect(try abs(x.norm().item() - 91.0.squareRoot()) < 1e-5)
    #expect(try x.norm(order: .infinity).item() == 6)
    #expect(try list(x.norm([1], order: 1)) == [6, 15])
    #expect(try x.argmax().integer() == 5)
    #expect(try x.argmin(0).array(of: Int.self) == [0, 0, 0])
    #expect(try x.cumulativeSum(1).array(of: Float.self) == [1, 3, 6, 4, 9, 15])
    let (values, indices) = try x.top(2, axis: 1)
    #expect(try list(values) == [3, 2, 6, 5])
    #expect(try indices.array(of: Int.self) == [2, 1, 2, 1])
    #expect(try list(x.sorted(axis: 1, descending: true).values) == [3, 2, 1, 6, 5, 4])
    #expect(try x.gt(5).any().item() == 1)
    #expect(try x.gt(5).all([1]).array(of: Bool.self) == [false, false])
    #expect(try abs(Tensor([1000, 1000] as [Float]).logSumExp().item() - 1000.6931) < 1e-3)
  }

  @Test func memoryFormats() throws {
    let x = try Tensor(Array(0..<24), shape: [1, 2, 3, 4])
    let y = try x.contiguous(.channelsLast)
    #expect(y.strides == [24, 1, 8, 2])
    #expect(y.isContiguous(.channelsLast) && !y.isContiguous)
    #expect(try y.isEqual(to: x))
    #expect(try y.array(of: Int.self) == Array(0..<24))  // row-major whatever the layout
    #expect(try Tensor.empty([1, 2, 3, 4], format: .channelsLast).strides == [24, 1, 8, 2])
  }

  @Test func descriptionsAreShort() throws {
    #expect(try Tensor([1, 2] as [Float]).description == "float32[2] [1.0, 2.0]")
    #expect(try Tensor.zeros([64, 3]).description == "float32[64, 3]")
  }

  @Test(arguments: [("cpu", Device.cpu), ("cuda", .cuda(0)), ("cuda:3", .cuda(3))])
  func devicesHaveNames(_ name: String, _ device: Device) {
    #expect(Device(name) == device)
  }

  @Test(arguments: ["gpu", "cuda:", "cuda:-1", "cuda:x", ""])
  func otherDeviceNamesAreNone(_ name: String) {
    #expect(Device(name) == nil)
  }
}
