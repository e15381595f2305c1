"""Writes golden.json: answers of scipy and statsmodels to small made-up inputs, with the tools' versions.

    python -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    venv/bin/python make_golden.py > golden.json
"""

import json
import math

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import optimize, stats
from scipy.spatial.distance import mahalanobis
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import ttost_ind

rng = np.random.default_rng(20240607)


def r(values):
    """Rounded inputs, so that the file holds exactly what was computed with."""
    return [round(float(v), 4) for v in values]


def clustered():
    units, years = 12, 9
    unit = np.repeat(np.arange(units), years)
    year = np.tile(np.arange(2010, 2010 + years), units)
    x = np.array(r(rng.normal(size=unit.size)))
    y = np.array(r(1 + 0.5 * x + rng.normal(size=units)[unit] + rng.normal(size=years)[year - 2010] + rng.normal(size=unit.size)))
    design = sm.add_constant(x)
    one = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": unit}, use_t=True)
    by_year = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": year}, use_t=True)
    # statsmodels scales each part of a two-way covariance by its own number of clusters
    two = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": np.column_stack([unit, year])}, use_t=True)
    return {
        "unit": unit.tolist(), "year": year.tolist(), "x": x.tolist(), "y": y.tolist(),
        "coefficients": one.params.tolist(), "se_unit": one.bse.tolist(), "se_year": by_year.bse.tolist(),
        "se_two_way": two.bse.tolist(),
    }


def wild():
    clusters, rows = 8, 5
    cluster = np.repeat(np.arange(clusters), rows)
    x = np.array(r(rng.normal(size=cluster.size) + 0.5 * rng.normal(size=clusters)[cluster]))
    y = np.array(r(0.3 * x + rng.normal(size=clusters)[cluster] + rng.normal(size=cluster.size)))
    design = sm.add_constant(x)

    def t_of(response):
        fit = sm.OLS(response, design).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
        return fit.params[1] / fit.bse[1]

    observed = t_of(y)
    restricted = sm.OLS(y, np.ones_like(y)).fit()
    reached = 0
    for bits in range(2**clusters):
        sign = np.array([-1.0 if bits >> g & 1 else 1.0 for g in range(clusters)])[cluster]
        t = t_of(restricted.fittedvalues + sign * restricted.resid)
        reached += abs(t) >= abs(observed) * (1 - 1e-9)
    return {"cluster": cluster.tolist(), "x": x.tolist(), "y": y.tolist(), "t": observed, "p": reached / 2**clusters}


def event_study():
    units, years, first = 24, 9, 2014
    unit = np.repeat(np.arange(units), years)
    year = np.tile(np.arange(2010, 2010 + years), units)
    treated = unit < 8
    y = rng.normal(size=units)[unit] + rng.normal(size=years)[year - 2010] + 0.4 * (treated & (year >= first))
    y = np.array(r(y + 0.3 * rng.normal(size=unit.size)))
    effects = [(unit == u).astype(float) for u in range(units)] + [(year == t).astype(float) for t in range(2011, 2019)]
    shown = [t for t in range(2010, 2019) if t != first - 1]
    study_design = np.column_stack([(treated & (year == t)).astype(float) for t in shown] + effects)
    study = sm.OLS(y, study_design).fit(cov_type="cluster", cov_kwds={"groups": unit}, use_t=True)
    constraint = np.zeros((3, study_design.shape[1]))
    constraint[:, :3] = np.eye(3)
    test = study.f_test(constraint)
    return {
        "unit": unit.tolist(), "year": year.tolist(), "treated": treated.tolist(), "y": y.tolist(), "first_year": first,
        "shown": shown, "by_year": study.params[:8].tolist(),
        "by_year_se": study.bse[:8].tolist(), "pre_f": float(np.squeeze(test.fvalue)), "pre_p": float(test.pvalue),
    }


def welch_and_tost():
    a, b = np.array(r(rng.normal(0, 1, 10))), np.array(r(rng.normal(0.2, 1.6, 5)))
    test = stats.ttest_ind(b, a, equal_var=False)
    low, high = test.confidence_interval(0.90)
    p, lower, upper = ttost_ind(b, a, -1.5, 1.5, usevar="unequal")
    return {
        "baseline": a.tolist(), "reporting": b.tolist(), "p": test.pvalue, "df": test.df, "low": low, "high": high,
        "margin": 1.5, "tost_p": p,
    }


def multiplicity():
    p = np.sort(np.concatenate([rng.uniform(size=30), rng.uniform(0, 0.01, size=8)]).round(6))
    rng.shuffle(p)
    return {"p": p.tolist(), "bh": multipletests(p, method="fdr_bh")[1].tolist(), "by": multipletests(p, method="fdr_by")[1].tolist()}


def bca():
    sample = np.array(r(rng.gamma(2.0, size=25)))
    draws = np.sort([rng.choice(sample, sample.size).mean() for _ in range(999)])

    class Held:
        bootstrap_distribution = draws

    found = stats.bootstrap((sample,), np.mean, n_resamples=0, bootstrap_result=Held(), confidence_level=0.90, method="BCa")
    jackknife = [(sample.sum() - v) / (sample.size - 1) for v in sample]
    interval = found.confidence_interval
    return {
        "draws": draws.tolist(), "estimate": float(sample.mean()), "jackknife": jackknife,
        "low": float(interval.low), "high": float(interval.high),
    }


def matching():
    pool = rng.normal(size=(15, 3)) @ np.array([[1.0, 0.4, 0.0], [0.0, 0.7, 0.2], [0.0, 0.0, 2.0]])
    pool = np.array([r(row) for row in pool])
    target = np.array(r(rng.normal(size=3)))
    inverse = np.linalg.inv(np.cov(pool, rowvar=False))
    return {"pool": pool.tolist(), "target": target.tolist(), "distances": [mahalanobis(target, row, inverse) for row in pool]}


def synthetic():
    years, baseline, donors = 17, 12, 6
    x = np.array([r(row) for row in rng.normal(size=(donors, years)).cumsum(axis=1)])
    y = np.array(r(0.5 * x[0] + 0.3 * x[2] + 0.2 * x[5] + 0.2 * rng.normal(size=years)))
    b, t = x[:, :baseline].T, y[:baseline]
    loss = lambda w: np.sum((t - b @ w) ** 2)
    best = None
    # every support: equality-constrained least squares, feasible ones compared
    for bits in range(1, 2**donors):
        support = [j for j in range(donors) if bits >> j & 1]
        s = b[:, support]
        kkt = np.block([[2 * s.T @ s, np.ones((len(support), 1))], [np.ones((1, len(support))), np.zeros((1, 1))]])
        solved = np.linalg.solve(kkt, np.concatenate([2 * s.T @ t, [1.0]]))[:-1]
        if (solved >= 0).all():
            w = np.zeros(donors)
            w[support] = solved
            if best is None or loss(w) < loss(best):
                best = w
    check = optimize.minimize(loss, np.full(donors, 1 / donors), method="SLSQP", bounds=[(0, 1)] * donors,
                              constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, options={"ftol": 1e-15, "maxiter": 1000})
    assert abs(check.fun - loss(best)) < 1e-6 * loss(best), (check.fun, loss(best))
    gap = y - best @ x
    return {
        "treated": y.tolist(), "donors": x.tolist(), "baseline_years": baseline, "weights": best.tolist(),
        "rmspe": float(np.sqrt(np.mean(gap[:baseline] ** 2))), "effect": float(gap[baseline:].mean()),
    }


def fay_herriot():
    m = 14
    psi = np.array(r(rng.uniform(0.05, 0.4, m)))
    x = np.column_stack([np.ones(m), r(rng.normal(size=m))])
    y = np.array(r(x @ [1.0, 0.5] + 0.5 * rng.normal(size=m) + np.sqrt(psi) * rng.normal(size=m)))

    def parts(s):
        w = 1 / (s + psi)
        c = np.linalg.inv(x.T @ (w[:, None] * x))
        beta = c @ x.T @ (w * y)
        p = np.diag(w) - (w[:, None] * x) @ c @ (w[:, None] * x).T
        return w, c, beta, p

    def score(s):
        p = parts(s)[3]
        return -0.5 * np.trace(p) + 0.5 * y @ p @ p @ y

    s = optimize.brentq(score, 1e-9, 10.0, xtol=1e-15, rtol=1e-15)
    w, c, beta, _ = parts(s)
    gamma = s / (s + psi)
    estimate = gamma * y + (1 - gamma) * (x @ beta)
    g1, g2 = gamma * psi, (1 - gamma) ** 2 * np.einsum("ij,jk,ik->i", x, c, x)
    g3 = psi**2 / (s + psi) ** 3 * 2 / np.sum(w**2)
    return {
        "direct": y.tolist(), "psi": psi.tolist(), "covariates": x.tolist(), "sigma_v_squared": s,
        "coefficients": beta.tolist(), "estimate": estimate.tolist(), "mse": (g1 + g2 + 2 * g3).tolist(),
    }


def persistent():
    years = list(range(2000, 2024))
    y = np.array(r(rng.normal(size=24)))
    phi = 0.35
    design = np.column_stack([[float(t < 2009) for t in years], [float(2009 <= t < 2019) for t in years], [float(t >= 2019) for t in years]])
    corr = phi ** np.abs(np.subtract.outer(years, years))
    hat = design @ np.linalg.inv(design.T @ design) @ design.T
    m = np.eye(24) - hat
    mr = m @ corr
    sigma2 = y @ m @ y / np.trace(mr)
    contrast = np.linalg.pinv(design).T @ np.array([0.0, -1.0, 1.0])
    df = np.trace(mr) ** 2 / np.trace(mr @ mr)
    se = math.sqrt(sigma2 * contrast @ corr @ contrast)
    effect = float(contrast @ y)
    return {
        "years": years, "y": y.tolist(), "phi": phi, "effect": effect, "se": se, "df": df,
        "low": effect - stats.t.ppf(0.95, df) * se, "p": 2 * stats.t.sf(abs(effect / se), df),
    }


def power():
    se, df = 0.07, 17.3
    return {
        "se": se, "df": df, "mdc": (stats.t.ppf(0.975, df) + stats.t.ppf(0.80, df)) * se,
        "mdc_normal": (stats.norm.ppf(0.975) + stats.norm.ppf(0.80)) * se,
        "t_quantiles": [[p, d, stats.t.ppf(p, d)] for p in (0.6, 0.9, 0.975, 0.9995) for d in (1.0, 2.5, 8.0, 33.3, 400.0)],
    }


print(json.dumps({
    "tools": {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "clustered": clustered(), "wild": wild(), "event_study": event_study(), "welch_tost": welch_and_tost(), "multiplicity": multiplicity(),
    "bca": bca(), "matching": matching(), "synthetic": synthetic(), "fay_herriot": fay_herriot(),
    "persistent": persistent(), "power": power(),
}, indent=0))
