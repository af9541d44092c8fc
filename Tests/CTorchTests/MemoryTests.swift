import CTorch
import Foundation
import Testing

struct MemoryTests {
  @Test func handlesAreCountedAndComeBack() {
    let before = ct_live_handles_of_thread()
    let a = tensor([2, 2])
    var b: OpaquePointer?
    #expect(ct_tensor_matmul(&b, a, a) == CT_OK)
    var generator: OpaquePointer?
    #expect(ct_generator_create(&generator, 1, cpu) == CT_OK)
    let again = ct_tensor_retain(a)
    #expect(ct_live_handles_of_thread() == before + 4)
    #expect(ct_live_handles() >= 4)
    [a, b, again].forEach(ct_tensor_free)
    ct_generator_free(generator)
    #expect(ct_live_handles_of_thread() == before)
  }

  @Test func aFailureLeavesNoHandleBehind() {
    let a = tensor([2, 3])
    defer { ct_tensor_free(a) }
    let before = ct_live_handles_of_thread()
    var out: OpaquePointer?
    for _ in 0..<100 { #expect(ct_tensor_matmul(&out, a, a) == CT_ERROR_TORCH) }
    // Two outs, of which the second cannot be written.
    #expect(ct_linalg_qr(&out, nil, a) == CT_ERROR_ARGUMENT)
    #expect(out == nil)
    #expect(ct_live_handles_of_thread() == before)
  }

  private final class Counter: @unchecked Sendable {  // the tests below touch it from one thread
    var releases = 0
  }

  private let countRelease: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
    guard let context else { return }
    Unmanaged<Counter>.fromOpaque(context).takeUnretainedValue().releases += 1
  }

  @Test func borrowedMemoryIsReadInPlaceAndReleasedOnceWhenTheLastViewGoes() {
    var numbers: [Float] = [1, 2, 3, 4, 5, 6]
    let counter = Counter()
    numbers.withUnsafeMutableBytes { bytes in
      var borrowed: OpaquePointer?
      let status = ct_tensor_borrow(
        &borrowed, bytes.baseAddress, bytes.count, [2, 3], 2, CT_FLOAT32, countRelease,
        Unmanaged.passUnretained(counter).toOpaque())
      #expect(status == CT_OK)
      var data: UnsafeMutableRawPointer?
      #expect(ct_tensor_data(&data, borrowed, false) == CT_OK)
      #expect(data == bytes.baseAddress)
      var view: OpaquePointer?
      #expect(ct_tensor_select(&view, borrowed, 0, 1) == CT_OK)
      #expect(ct_tensor_fill_in_place(view, 9) == CT_OK)
      ct_tensor_free(borrowed)
      #expect(counter.releases == 0)  // the view still needs it
      ct_tensor_free(view)
      #expect(counter.releases == 1)
    }
    #expect(numbers == [1, 2, 3, 9, 9, 9])
  }

  @Test func aRefusedLoanDoesNotReleaseTheOwner() {
    var numbers: [Float] = [1, 2, 3]
    let counter = Counter()
    let context = Unmanaged.passUnretained(counter).toOpaque()
    numbers.withUnsafeMutableBytes { bytes in
      var out: OpaquePointer?
      #expect(
        ct_tensor_borrow(&out, bytes.baseAddress, bytes.count, [2, 3], 2, CT_FLOAT32, countRelease, context)
          == CT_ERROR_ARGUMENT)
      #expect(lastError == "the buffer holds 12 bytes, but the shape and element type need 24")
      #expect(
        ct_tensor_borrow(&out, bytes.baseAddress, bytes.count, [-3], 1, CT_FLOAT32, countRelease, context)
          == CT_ERROR_ARGUMENT)
      #expect(
        ct_tensor_borrow(
          &out, bytes.baseAddress, bytes.count, [1 << 40, 1 << 40], 2, CT_FLOAT32, countRelease, context)
          == CT_ERROR_ARGUMENT)
      #expect(out == nil)
    }
    #expect(counter.releases == 0)
  }

  @Test func copiesNeedTheExactNumberOfBytes() {
    let a = tensor([2, 3])
    defer { ct_tensor_free(a) }
    var bytes = [Float](repeating: 7, count: 6)
    #expect(ct_tensor_copy_bytes(&bytes, 20, a) == CT_ERROR_ARGUMENT)
    #expect(bytes == [7, 7, 7, 7, 7, 7])
    #expect(ct_tensor_copy_bytes(&bytes, 24, a) == CT_OK)
    #expect(bytes == [1, 1, 1, 1, 1, 1])
  }

  @Test func aGeneratorsStateIsAskedForInTwoSteps() {
    var generator: OpaquePointer?
    #expect(ct_generator_create(&generator, 1, cpu) == CT_OK)
    defer { ct_generator_free(generator) }
    var count = 0
    #expect(ct_generator_state(nil, &count, generator) == CT_OK)
    #expect(count > 1000)
    var tooFew = 10
    var bytes = [UInt8](repeating: 0, count: count)
    #expect(ct_generator_state(&bytes, &tooFew, generator) == CT_ERROR_ARGUMENT)
    #expect(tooFew == 10)
    #expect(ct_generator_state(&bytes, &count, generator) == CT_OK)
    #expect(ct_generator_state_set(generator, bytes, count) == CT_OK)
    #expect(ct_generator_state_set(generator, bytes, 10) != CT_OK)
  }
}
