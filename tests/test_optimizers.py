"""Hand values on a parabola, both libraries' formulas in NumPy, and the one hazard of float32."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from replica.optimizers import DownhillRMSprop, get

LIBRARIES = {
    "downhill": {"half_life": 14, "constant": 1e-8, "nesterov": True},
    "theanets_0_5": {"half_life": 7, "constant": 1e-4, "nesterov": False},
}
NAMES = pytest.mark.parametrize("name", list(LIBRARIES))


@pytest.fixture
def float64():
    """Keras keeps the learning rate in its default precision; in float32 that alone is 3e-8 of every step."""
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx("float32")


def formula(gradients, half_life, constant, nesterov, rate=1e-4, momentum=0.9):
    """The way of a parameter from 0, in float64, as both libraries print it: (updates, entries)."""
    keep = 2 ** (-1 / half_life)
    theta = m = v = u = np.zeros(gradients.shape[1:])
    thetas = []
    for g in gradients.astype("float64"):
        m, v = keep * m + (1 - keep) * g, keep * v + (1 - keep) * g**2
        delta = -rate * g / np.sqrt(v - m**2 + constant)
        theta = theta + (momentum**2 * u + (1 + momentum) * delta if nesterov else momentum * u + delta)
        u = momentum * u + delta
        thetas.append(theta)
    return np.stack(thetas)


def way(optimizer, gradients, compiled=True):
    """The same by an optimiser, in the gradients' precision."""
    theta = keras.Variable(np.zeros_like(gradients[0]), dtype=gradients.dtype)
    optimizer.build([theta])

    @tf.function(jit_compile=compiled)
    def update(gradient):
        optimizer.apply([gradient], [theta])
        return theta + 0

    return np.stack([update(tf.constant(g)) for g in gradients])


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        # Downhill 0.2 itself gave the first two rows' digits to seven places; all are the formula at 40 digits.
        ("downhill", 1.0, [0.9991138458624225, 0.9980861344355026, 0.9969187403468474]),
        ("downhill", -0.002, [-0.001137000743498, -0.000323230001418, 0.0003273413757423]),
        ("theanets_0_5", 1.0, [0.9996579838305791, 0.9990898208148275, 0.9983497970656863]),
        ("theanets_0_5", -0.002, [-0.001980034068077, -0.001942321894623, -0.001889029465550]),
    ],
)
def test_parabola_by_hand(name, start, expected):
    theta, optimizer = keras.Variable(start, dtype="float64"), get(name)
    steps = []
    for _ in expected:
        optimizer.apply([theta.value + 0], [theta])  # the gradient of theta^2 / 2
        steps.append(float(theta.value))
    np.testing.assert_allclose(steps, expected, rtol=0, atol=2e-15)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("rate", [1e-4, 1e-2])
@NAMES
def test_follows_the_librarys_formula(name, rate):
    gradients = np.random.default_rng(0).normal(0.5, 1, (40, 3, 2)) * np.logspace(-4, 2, 6).reshape(3, 2)
    expected = formula(gradients, **LIBRARIES[name], rate=rate)
    np.testing.assert_allclose(way(get(name, rate), gradients), expected, rtol=1e-10, atol=0)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("nesterov", [True, False])
def test_every_argument_enters_the_formula(nesterov):
    gradients = np.random.default_rng(1).normal(0.5, 1, (20, 4))
    ours = DownhillRMSprop(1e-3, 0.5, nesterov, half_life=3, regulariser=0.1)
    expected = formula(gradients, 3, 0.1, nesterov, rate=1e-3, momentum=0.5)
    np.testing.assert_allclose(way(ours, gradients), expected, rtol=1e-10, atol=0)


# Clipping


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize(("name", "clipped"), [("downhill", False), ("theanets_0_5", True)])
def test_theanets_clips_each_tensor_by_its_own_norm(name, clipped):
    """A gradient of norm 4e6 keeps its direction and loses its length; its neighbour's, and one of 1e6, stay whole."""
    gradients = [np.array([2.4e6, -3.2e6]), np.array([[3.0], [-400.0]]), np.array([6e5, 8e5]), np.zeros(2)]
    thetas = [keras.Variable(np.zeros_like(g), dtype="float64") for g in gradients]
    optimizer = get(name)
    optimizer.apply([tf.constant(g) for g in gradients], thetas)
    keep = 2 ** (-1 / (7 if clipped else 14))
    seen = [np.array([6e5, -8e5]) if clipped else gradients[0], *gradients[1:]]
    for mean, gradient in zip(optimizer.mean, seen, strict=True):
        np.testing.assert_allclose(mean, (1 - keep) * gradient, rtol=1e-12)


# The hazard of float32: v - m^2 is a difference of equals where a gradient hardly changes


def nearly_constant_gradients():
    """(500, 64) gradients, 0.01 to 30,000, that vary by 1e-5 of themselves: v - m^2 is far below the rounding of v."""
    rng = np.random.default_rng(4)
    return (np.logspace(-2, 4.5, 64) * (1 + 1e-5 * rng.normal(size=(500, 64)))).astype("float32")


def varying_gradients():
    """(500, 64) gradients of eight orders of magnitude whose deviation is 0.3 of their mean."""
    rng = np.random.default_rng(2)
    return (np.logspace(-4, 4, 64) * (1 + 0.3 * rng.normal(size=(500, 64)))).astype("float32")


@pytest.fixture
def no_cut_off(monkeypatch):
    monkeypatch.setattr("replica.optimizers.ops.maximum", lambda variance, _: variance)


@pytest.mark.parametrize("compiled", [False, True])
@NAMES
def test_nearly_constant_gradient_stays_finite(name, compiled):
    assert np.isfinite(way(get(name), nearly_constant_gradients(), compiled)).all()


@pytest.mark.usefixtures("no_cut_off")
@pytest.mark.parametrize("compiled", [False, True])
@NAMES
def test_nearly_constant_gradient_needs_the_cut_off(name, compiled):
    assert np.isnan(way(get(name), nearly_constant_gradients(), compiled)[-1]).any()


@NAMES
def test_cut_off_changes_nothing_where_a_gradient_varies(name, request):
    with_it = way(get(name), varying_gradients())
    request.getfixturevalue("no_cut_off")
    np.testing.assert_array_equal(with_it, way(get(name), varying_gradients()))


@NAMES
def test_float32_stays_close_to_float64(name):
    """Here v is 12 times the variance, so a rounding of 6e-8 grows to 7e-7 of a step; there are a handful of those."""
    gradients = varying_gradients()
    exact = formula(gradients, **LIBRARIES[name])
    error = np.abs(way(get(name), gradients) - exact).max(axis=0)
    assert (error / np.abs(exact).max(axis=0)).max() < 1e-5


# State


@NAMES
def test_a_loaded_model_takes_the_same_next_updates(name, tmp_path):
    """Bit for bit; an exact resume rests on it."""
    keras.utils.set_random_seed(3)
    x, y = np.random.default_rng(3).normal(size=(2, 8, 3)).astype("float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(3)])
    model.compile(get(name, learning_rate=3e-3), loss="mse")
    for _ in range(3):
        model.train_on_batch(x, y)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    untrained = [np.zeros(v.shape) for v in model.optimizer.mean]
    assert all(np.abs(mean - zero).max() > 0 for mean, zero in zip(model.optimizer.mean, untrained, strict=True))
    for _ in range(3):
        states = [[np.asarray(v) for v in (*m.weights, *m.optimizer.variables)] for m in (model, loaded)]
        for a, b in zip(*states, strict=True):
            np.testing.assert_array_equal(a, b)
        for each in (model, loaded):
            each.train_on_batch(x, y)


def test_building_again_keeps_the_state():
    theta, optimizer = keras.Variable(1.0), DownhillRMSprop()
    optimizer.apply([tf.constant(1.0)], [theta])
    optimizer.build([theta])
    assert float(optimizer.velocity[0]) < 0


def test_without_a_gradient_a_variable_and_its_state_stay():
    a, b = keras.Variable(1.0), keras.Variable(2.0)
    optimizer = DownhillRMSprop()
    optimizer.apply([tf.constant(1.0), tf.constant(1.0)], [a, b])
    before = [float(v) for v in (b, optimizer.mean[1], optimizer.mean_square[1], optimizer.velocity[1])]
    moved = float(a)
    with pytest.warns(UserWarning, match="Gradients do not exist for variables"):
        optimizer.apply([tf.constant(1.0), None], [a, b])
    assert [float(v) for v in (b, optimizer.mean[1], optimizer.mean_square[1], optimizer.velocity[1])] == before
    assert float(a) < moved
    with pytest.raises(ValueError, match="No gradients provided for any variable"):
        optimizer.apply([None, None], [a, b])


def test_variables_that_it_was_not_built_for():
    optimizer = DownhillRMSprop()
    with pytest.raises(ValueError, match=r"Call `optimizer\.build"):
        optimizer.apply([tf.constant(1.0)])
    optimizer.build([keras.Variable(1.0)])
    with pytest.raises(ValueError, match="Unknown variable"):
        optimizer.apply([tf.constant(1.0)], [keras.Variable(1.0)])


# Options


def test_config_round_trip():
    options = {
        "learning_rate": 0.5,
        "momentum": 0.25,
        "nesterov": False,
        "half_life": 3,
        "regulariser": 0.125,
        "clipnorm": 2.0,
    }
    config = DownhillRMSprop.from_config(DownhillRMSprop(**options).get_config()).get_config()
    assert {key: config[key] for key in options} == options


def test_downhill_is_the_default():
    named, default = get("downhill").get_config(), DownhillRMSprop().get_config()
    assert named | {"name": ""} == default | {"name": ""}  # Keras counts instances in the name


def test_unknown_name_lists_the_known():
    with pytest.raises(ValueError, match=r"Received 'adam'\. Choose one of downhill, theanets_0_5\."):
        get("adam")


@pytest.mark.parametrize(
    ("option", "value", "fix"),
    [
        ("momentum", 1.0, "The paper's value is 0.9"),
        ("momentum", -0.1, "The paper's value is 0.9"),
        ("half_life", 0, "Downhill's value is 14 updates"),
        ("regulariser", 0.0, "Downhill's value is 1e-8"),
    ],
)
def test_out_of_range(option, value, fix):
    with pytest.raises(ValueError, match=rf"Received {option}={value}\. {fix}\."):
        DownhillRMSprop(**{option: value})
