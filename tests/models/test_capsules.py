import torch

from sernas.models.capsules import route, squash


def test_squash_keeps_the_direction_and_bounds_the_length():
    s = torch.tensor([[3.0, 4.0], [0.03, 0.04], [0.0, 0.0]])
    v = squash(s)
    torch.testing.assert_close(v[0], s[0] / 5 * 25 / 26)
    torch.testing.assert_close(
        v[1].norm(), torch.tensor(0.05**2 / (1 + 0.05**2)), rtol=1e-3, atol=0
    )
    assert v[2].eq(0).all()


def test_squash_has_a_gradient_at_zero():
    s = torch.zeros(2, 8, requires_grad=True)
    squash(s).sum().backward()
    assert s.grad.isfinite().all()


def test_routing_against_the_procedure_of_the_paper():
    """Sabour et al. 2017, Procedure 1, capsule by capsule."""
    torch.manual_seed(0)
    u, bias = torch.randn(1, 5, 3, 4).double(), torch.randn(3, 4).double()
    b = [[0.0] * 3 for _ in range(5)]
    for _ in range(3):
        c = [torch.softmax(torch.tensor(row).double(), 0) for row in b]
        v = [squash(sum(c[i][j] * u[0, i, j] for i in range(5)) + bias[j]) for j in range(3)]
        b = [[b[i][j] + float(u[0, i, j] @ v[j]) for j in range(3)] for i in range(5)]
    torch.testing.assert_close(route(u, bias)[0], torch.stack(v))


def test_capsules_that_agree_win():
    votes = torch.zeros(1, 6, 2, 3)
    votes[0, :, 0] = torch.tensor([1.0, 0.0, 0.0])  # all agree on capsule 0
    votes[0, :3, 1] = torch.tensor([0.0, 1.0, 0.0])  # and cancel out on capsule 1
    votes[0, 3:, 1] = torch.tensor([0.0, -1.0, 0.0])
    lengths = route(votes, torch.zeros(2, 3)).norm(dim=-1)[0]
    assert lengths[0] > 0.9
    assert lengths[1] < 1e-3
