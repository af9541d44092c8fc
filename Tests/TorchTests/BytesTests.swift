import Testing
import Torch

struct BytesTests {
  @Test func memoryIsLentWithoutACopy() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float])
    try x.withUnsafeMutableValues(of: Float.self) { $0[2] = 9 }
    #expect(try x.array(of: Float.self) == [1, 2, 9, 4])
    let first = try x.withUnsafeBytes { $0.baseAddress }
    let second = try x.view([2, 2]).withUnsafeMutableBytes { UnsafeRawPointer($0.baseAddress) }
    #expect(first == second)
  }

  @Test func whatCannotBeLentIsRefused() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]).transposed()
    let error = #expect(throws: TorchError.self) { try x.withUnsafeBytes { _ in } }
    #expect(error?.kind == .argument)
    #expect(error?.message.contains("not contiguous") == true)
    let type = #expect(throws: TorchError.self) { try x.withUnsafeMutableValues(of: Double.self) { _ in } }
    #expect(type?.message == "the tensor holds float32, not float64")
  }

  /// Autograd must know that lent memory was written, or it would differentiate with the new values in silence.
  @Test func writingIntoSavedValuesMakesBackwardThrow() throws {
    let x = try Tensor([1, 2] as [Float]).settingRequiresGrad()
    let read = try x.square().sum()
    _ = try x.withUnsafeBytes { $0.count }
    try read.backward()
    #expect(try x.grad?.array(of: Float.self) == [2, 4])

    let written = try x.square().sum()
    try x.withUnsafeMutableValues(of: Float.self) { $0[0] = 5 }
    let error = #expect(throws: TorchError.self) { try written.backward() }
    #expect(error?.operation == "backward")
    #expect(error?.message.contains("modified by an inplace operation") == true)
  }

  private final class Owner {
    let bytes: UnsafeMutableRawBufferPointer
    let onDeinit: () -> Void
    init(_ count: Int, onDeinit: @escaping () -> Void) {
      bytes = .allocate(byteCount: count, alignment: 64)
      self.onDeinit = onDeinit
    }
    deinit {
      bytes.deallocate()
      onDeinit()
    }
  }

  @Test func aLoanKeepsItsOwnerAliveAndLetsItGo() throws {
    var gone = false
    var view: Tensor?
    do {
      let owner = Owner(24) { gone = true }
      _ = owner.bytes.bindMemory(to: Float.self).update(fromContentsOf: [1, 2, 3, 4, 5, 6])
      let tensor = try Tensor.borrowing(owner.bytes, shape: [2, 3], dtype: .float32, owner: owner)
      #expect(try tensor.withUnsafeBytes { $0.baseAddress == UnsafeRawPointer(owner.bytes.baseAddress) })
      view = try tensor.select(axis: 0, 1)
    }
    #expect(!gone)
    #expect(try view?.array(of: Float.self) == [4, 5, 6])
    view = nil
    #expect(gone)
  }

  @Test func aRefusedLoanLetsTheOwnerGo() throws {
    var gone = false
    do {
      let owner = Owner(24) { gone = true }
      #expect(throws: TorchError.self) {
        try Tensor.borrowing(owner.bytes, shape: [7], dtype: .float32, owner: owner)
      }
    }
    #expect(gone)
  }

  @Test func bytesAreCopiedIn() throws {
    let numbers: [Int32] = [1, 2, 3]
    let x = try numbers.withUnsafeBytes { try Tensor(bytes: $0, shape: [3], dtype: .int32) }
    #expect(try x.array(of: Int32.self) == numbers)
    #expect(try x.array(of: Double.self) == [1, 2, 3])
    #expect(throws: TorchError.self) { try x.item() }
  }
}
