import OrderedCollections
import Torch

/// What a training is about: where its batches come from, and a network's loss on one of them.
///
/// ``Trainer`` does all else, the same for images and for text: steps, testing, checkpoints, records. A batch is a function
/// of the task, the epoch and the step, and of nothing else, so that an epoch can be begun in its middle.
public protocol TrainingTask {
  /// What examples are called: `images`, `sentences`.
  var unit: String { get }
  /// Examples to train on in an epoch.
  var trainCount: Int { get }
  /// Examples to test with.
  var testCount: Int { get }
  /// Batches of an epoch.
  var stepsPerEpoch: Int { get }

  /// Checks what the task is made of, before anything is written.
  /// - Throws: `LabError` (`.configuration`) for what does not fit together.
  func validate() throws(LabError)

  /// The batches of an epoch to train on.
  /// - Parameters:
  ///   - epoch: Its number, from 1.
  ///   - step: The first batch that is wanted, from 0.
  /// - Returns: The batches, to be taken one after the other.
  func trainBatches(epoch: Int, from step: Int) throws -> any BatchStream

  /// All that is tested with, once.
  /// - Returns: The batches, to be taken one after the other.
  func testBatches() throws -> any BatchStream

  /// How many examples the first batches of an epoch have.
  /// - Parameters:
  ///   - steps: So many batches, from 0 to ``stepsPerEpoch``.
  ///   - epoch: The epoch's number, from 1.
  /// - Returns: Their examples.
  func examples(in steps: Int, ofEpoch epoch: Int) -> Int

  /// What an epoch's row of metrics says of its batches.
  /// - Parameter epoch: Its number, from 1.
  /// - Returns: Cells; none, unless a task has any.
  func notes(ofEpoch epoch: Int) -> Row
}

extension TrainingTask {
  public func notes(ofEpoch epoch: Int) -> Row { [:] }
}

/// Batches, one after the other, possibly prepared on a thread of their own.
public protocol BatchStream: AnyObject {
  /// The next batch, waiting for it if need be; nil after the last.
  func nextBatch() throws -> (any TrainingBatch)?
  /// Ends the preparing; comes back when its thread has ended.
  func stop()
}

/// Examples that a network takes together, with what is known of them.
public protocol TrainingBatch {
  /// Examples.
  var count: Int { get }
  /// What the network takes, as its `callAsFunction`: where a diverged run is looked for the layer where it began.
  var input: Tensor { get }

  /// The network's loss on the batch.
  /// - Parameters:
  ///   - network: In the mode that it is in.
  ///   - isTraining: Whether to train or to test; label smoothing, for one, is for training only.
  /// - Returns: The loss, which gradients can be taken of.
  /// - Throws: `LabError` (`.configuration`) for a network whose output does not fit; `TorchError`.
  func loss(of network: any Module, isTraining: Bool) throws -> BatchLoss
}

/// What a network makes of a batch.
public struct BatchLoss {
  /// The mean over the batch's examples; of shape [].
  public var loss: Tensor
  /// What the loss is a sum of, each a mean over the batch, of shape []: reported of the test examples, by name.
  public var parts: OrderedDictionary<String, Tensor>
  /// Examples that are answered rightly, in part where an example asks several things.
  public var correct: () throws -> Double

  /// A loss, with how to count right answers when they are wanted.
  public init(
    loss: Tensor, parts: OrderedDictionary<String, Tensor> = [:], correct: @escaping () throws -> Double
  ) {
    (self.loss, self.parts, self.correct) = (loss, parts, correct)
  }
}
