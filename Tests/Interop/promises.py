"""What is promised of every model: the tests that small and full sizes have in common."""


class Promises:
    """Each test takes the fixture `trial` of the module that has the class as a base."""

    def test_the_plan_says_what_the_architecture_does(self, trial):
        assert not trial.roles()

    def test_the_values_are_the_papers(self, trial):
        assert not trial.values()

    def test_what_is_kept_is_kept_bit_for_bit(self, trial):
        assert not trial.kept()

    def test_every_block_is_its_shortcut(self, trial):
        assert not trial.identity()

    def test_the_first_loss_is_that_of_guessing(self, trial):
        assert not trial.first_loss()

    def test_gradients_arrive_and_training_lowers_the_loss(self, trial):
        assert not trial.training()
