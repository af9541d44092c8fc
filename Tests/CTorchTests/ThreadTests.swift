import CTorch
import Foundation
import Testing

struct ThreadTests {
  /// Runs the blocks in turn, each on a thread of its own that stays alive until all are done.
  private func onTwoThreads(
    _ first: @escaping @Sendable () -> Void, _ second: @escaping @Sendable () -> Void,
    _ firstAgain: @escaping @Sendable () -> Void
  ) {
    let ready = DispatchSemaphore(value: 0)
    let goOn = DispatchSemaphore(value: 0)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      first()
      ready.signal()
      goOn.wait()
      firstAgain()
      done.signal()
    }
    ready.wait()
    Thread.detachNewThread {
      second()
      goOn.signal()
    }
    done.wait()
  }

  @Test func theErrorTextIsTheThreadsOwn() {
    onTwoThreads(
      {
        _ = ct_testing_throw(CT_ERROR_VALUE, "of the first")
      },
      {
        #expect(lastError == "")
        _ = ct_testing_throw(CT_ERROR_TYPE, "of the second")
        #expect(lastError == "of the second")
      },
      { #expect(lastError == "of the first") })
  }

  @Test func gradientModeIsTheThreadsOwn() {
    onTwoThreads({ ct_grad_mode_set(false) }, { #expect(ct_grad_mode()) }, { #expect(!ct_grad_mode()) })
  }

  @Test func theTracersSlotIsTheThreadsOwn() {
    onTwoThreads(
      { ct_tracer_set(UnsafeMutableRawPointer(bitPattern: 8)) }, { #expect(ct_tracer() == nil) },
      { #expect(ct_tracer() == UnsafeMutableRawPointer(bitPattern: 8)) })
  }

  /// OpenMP's count is a thread's own; ours holds for all, those that have worked before too. Other tests set the
  /// count as well, so there are a few attempts; without the hand-over none of them would see the odd number.
  @Test func theThreadCountHoldsOnEveryThread() {
    let before = ct_thread_count()
    defer { _ = ct_thread_count_set(before) }
    let seen = Counts()
    for _ in 0..<5 where !seen.values.contains(7) {
      onTwoThreads(
        { #expect(ct_thread_count() >= 1) },
        { #expect(ct_thread_count_set(7) == CT_OK) },
        { seen.values.append(ct_thread_count()) })
    }
    #expect(seen.values.contains(7))
  }

  private final class Counts: @unchecked Sendable {  // the threads take turns
    var values: [Int32] = []
  }

  @Test func aThreadCountBelowOneIsRefused() {
    #expect(ct_thread_count_set(0) == CT_ERROR_ARGUMENT)
    #expect(lastError == "a thread count must be at least 1, not 0")
  }
}
