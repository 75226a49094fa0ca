from matplotlib.colors import to_rgb

from sernas.reporting.confusion import draw_confusion

EMOTIONS = ["neutral", "angry", "sad"]


def test_cells_show_pooled_counts_and_shares_of_their_row(
    fold_predictions, figures, drawn, tmp_path
):
    draw_confusion(fold_predictions, EMOTIONS, "CNN_SeqCap, none", tmp_path / "c.png", figures)
    axes = drawn[-1].axes[0]
    cells = {text.get_position(): text.get_text() for text in axes.texts}  # (column, row)
    assert cells == {
        (0, 0): "5\n71.4%",
        (1, 0): "0\n0.0%",
        (2, 0): "2\n28.6%",
        (0, 1): "0\n0.0%",
        (1, 1): "0\n0.0%",
        (2, 1): "0\n0.0%",
        (0, 2): "2\n50.0%",
        (1, 2): "0\n0.0%",
        (2, 2): "2\n50.0%",
    }
    assert axes.get_title() == "CNN_SeqCap, none\nWA 63.64%   UA 60.71%"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")
    assert [t.get_text() for t in axes.get_xticklabels()] == EMOTIONS
    assert [t.get_text() for t in axes.get_yticklabels()] == [
        "neutral\n(7)",
        "angry\n(0)",
        "sad\n(4)",
    ]


def test_text_stands_out_from_every_shade(fold_predictions, figures, drawn, tmp_path):
    """Contrast ratio by WCAG 2, of which 3 is enough for large text."""

    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    draw_confusion(fold_predictions, EMOTIONS, "", tmp_path / "c.png", figures)
    axes = drawn[-1].axes[0]
    (image,) = axes.images
    for text in axes.texts:
        column, row = text.get_position()
        shade = image.to_rgba(image.get_array())[row, column][:3]
        light, dark = sorted([luminance(shade), luminance(text.get_color())], reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3


def test_picture_is_the_same_on_each_run(fold_predictions, figures, tmp_path):
    for name in ("a.png", "b.png"):
        draw_confusion(fold_predictions, EMOTIONS, "title", tmp_path / name, figures)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
