import Testing
import Torch

struct RuntimeTests {
  @Test func theVersionIsOneThatWasChecked() {
    #expect(Runtime.libtorchVersion.hasPrefix("2."))
  }

  @Test func aThreadCountBelowOneIsRefused() {
    let error = #expect(throws: TorchError.self) { try setThreadCount(0) }
    #expect(error?.description == "setThreadCount: a thread count must be at least 1, not 0")
  }

  @Test(.enabled(if: !Runtime.isCUDAAvailable, "this machine has a GPU"))
  func withoutCUDAThereIsAReasonOrNoDriver() throws {
    #expect(Runtime.cudaDeviceCount == 0)
    let error = #expect(throws: TorchError.self) { try Tensor.zeros([1], device: .cuda(0)) }
    #expect(error?.kind == .argument)
    #expect(error?.message == "CUDA is not available" + (Runtime.cudaExplanation.map { ": \($0)" } ?? ""))
  }

  @Test(.enabled(if: Runtime.isCUDAAvailable, "needs a GPU"))
  func aGPUComputesWhatTheCPUComputes() throws {
    let x = try sines([4, 5], 0.9, 0.1), w = try sines([3, 5], 0.7, 0.2)
    let y = try linear(x.to(.cuda(0)), weight: w.to(.cuda(0)))
    #expect(y.device == .cuda(0))
    #expect(try y.to(.cpu).isClose(to: linear(x, weight: w), relative: 1e-4, absolute: 1e-5))
  }
}
