"""The pipelines of a new agreement: checked on every push, reviewed in pull requests, planned, applied, audited at night.

Nothing that a pull request says stands in a script: it comes through the environment. Only a pull request from the
repository itself is planned, with the targets of the revision that it is based on; a fork's is reviewed without secrets.
"""

from __future__ import annotations

from string import Template
from typing import Final

CHECKOUT: Final = "actions/checkout@11d5960a326750d5838078e36cf38b85af677262 # v4.4.0"
SETUP_PYTHON: Final = "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0"


class Pipeline(Template):
    """A text in which `%name` is replaced, for `$NAME` belongs to the shell."""

    delimiter = "%"


GITHUB = Pipeline("""\
# Every push is checked. A pull request is reviewed, which needs no secret, so that a fork's is reviewed too.
# The rest begins when the repository's variable SLA_SYNC_TARGET names a target of targets.yaml: a pull request from this
# repository is planned, what is merged is applied, and every night all targets are audited. Store the secrets of the
# targets in the environments sla-sync-plan, sla-sync-apply and sla-sync-drift, and name them below where it says so.
name: agreement
on:
  pull_request: {branches: [main]}        # only what is based on this branch: its targets are trusted below
  push: {branches: [main]}
  schedule:
    - cron: "17 3 * * *"
permissions: {contents: read}
env:
  RELEASE: sla-sync==%version
jobs:
  validate:
    if: github.event_name != 'schedule'
    runs-on: ubuntu-latest
    steps:
      - uses: %checkout
        with: {persist-credentials: false}
      - uses: %setup_python
        with: {python-version: "3.12"}
      - run: python -I -m pip install "$RELEASE"
      - run: sla-sync fmt --check --diff
      - run: sla-sync validate --format github

  review:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    permissions: {contents: read, pull-requests: write}
    steps:
      - uses: %checkout
        with: {persist-credentials: false, fetch-depth: 0}
      - uses: %setup_python
        with: {python-version: "3.12"}
      - run: python -I -m pip install "$RELEASE"
      # What is checked out is the merge of both; its first parent is what is agreed.
      - run: >-
          sla-sync review --format github --write markdown=review.md --write summary=summary.md
          -- "$GITHUB_SHA^1" "$GITHUB_SHA"
      - if: always() && hashFiles('summary.md') != ''
        run: cat summary.md >> "$GITHUB_STEP_SUMMARY"
      # The token of a fork's pull request cannot comment; its review stands in the summary of the run.
      - if: >-
          always() && hashFiles('review.md') != ''
          && github.event.pull_request.head.repo.full_name == github.repository
        env:
          GITHUB_TOKEN: ${{ github.token }}
        run: sla-sync comment review.md

  plan:
    if: >-
      github.event_name == 'pull_request' && vars.SLA_SYNC_TARGET != ''
      && github.event.pull_request.head.repo.full_name == github.repository
    needs: validate
    runs-on: ubuntu-latest
    environment: sla-sync-plan
    env:
      BASE: ${{ github.event.pull_request.base.sha }}
      TARGET: ${{ vars.SLA_SYNC_TARGET }}
    steps:
      - uses: %checkout
        with: {persist-credentials: false, fetch-depth: 0}
      - uses: %setup_python
        with: {python-version: "3.12"}
      - run: python -I -m pip install "$RELEASE"
      # The host that gets the credential is the one that the main branch names, whatever the pull request says.
      - run: sla-sync plan --target "$TARGET" --trust "$BASE" --format markdown >> "$GITHUB_STEP_SUMMARY"
        # env: {SF_TOKEN: "${{ secrets.SF_TOKEN }}"}

  apply:
    if: github.event_name == 'push' && vars.SLA_SYNC_TARGET != ''
    needs: validate
    runs-on: ubuntu-latest
    environment: sla-sync-apply
    concurrency: {group: sla-sync-apply, cancel-in-progress: false}
    env:
      TARGET: ${{ vars.SLA_SYNC_TARGET }}
    steps:
      - uses: %checkout
        with: {persist-credentials: false}
      - uses: %setup_python
        with: {python-version: "3.12"}
      - run: python -I -m pip install "$RELEASE"
      - run: sla-sync apply --target "$TARGET" --yes
        # env: {SF_TOKEN: "${{ secrets.SF_TOKEN }}"}

  drift:
    if: github.event_name == 'schedule' && vars.SLA_SYNC_TARGET != ''
    runs-on: ubuntu-latest
    environment: sla-sync-drift
    steps:
      - uses: %checkout
        with: {persist-credentials: false}
      - uses: %setup_python
        with: {python-version: "3.12"}
      - run: python -I -m pip install "$RELEASE"
      - run: sla-sync drift --all-targets --format markdown >> "$GITHUB_STEP_SUMMARY"
        # env: {SF_READ_TOKEN: "${{ secrets.SF_READ_TOKEN }}"}
""")

GITLAB = Pipeline("""\
# Every push is checked. A merge request is reviewed, which needs no secret, so that a fork's is reviewed too; a project
# access token in GITLAB_TOKEN, with the scope api and the role reporter, lets the review stand in the merge request.
# The rest begins when the variable SLA_SYNC_TARGET names a target of targets.yaml: a merge request from this project is
# planned, what is merged is applied by hand, and a schedule audits all targets. Store the secrets of the targets as
# masked variables of the environments sla-sync-plan, sla-sync-apply and sla-sync-drift, the last two as protected.
default:
  image: python:3.12
  before_script:
    - python -I -m pip install "$RELEASE"
variables:
  RELEASE: sla-sync==%version
  GIT_DEPTH: "0"
stages: [check, plan, apply, night]

validate:
  stage: check
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - sla-sync fmt --check --diff
    - sla-sync validate --format junit > sla-sync.xml || { sla-sync validate; exit 1; }
  artifacts:
    when: always
    reports: {junit: sla-sync.xml}

review:
  stage: check
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - status=0
    - >-
      sla-sync review --write markdown=review.md --write junit=review.xml
      -- "$CI_MERGE_REQUEST_DIFF_BASE_SHA" "$CI_COMMIT_SHA" || status=$?
    - if [ -n "$GITLAB_TOKEN" ] && [ -f review.md ]; then sla-sync comment review.md; fi
    - exit "$status"
  artifacts:
    when: always
    paths: [review.md]
    reports: {junit: review.xml}

plan:
  stage: plan
  rules:
    - if: >-
        $SLA_SYNC_TARGET && $CI_PIPELINE_SOURCE == "merge_request_event"
        && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID
        && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == $CI_DEFAULT_BRANCH
  environment: {name: sla-sync-plan, action: access}
  script:
    # The host that gets the credential is the one that the default branch names, whatever the merge request says.
    - git fetch origin "+refs/heads/$CI_DEFAULT_BRANCH:refs/sla-sync/trusted"
    - sla-sync plan --target "$SLA_SYNC_TARGET" --trust refs/sla-sync/trusted

apply:
  stage: apply
  rules:
    - if: $SLA_SYNC_TARGET && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE == "push"
      when: manual
  environment: {name: sla-sync-apply}
  resource_group: sla-sync-apply
  script:
    - sla-sync apply --target "$SLA_SYNC_TARGET" --yes

drift:
  stage: night
  rules:
    - if: $SLA_SYNC_TARGET && $CI_PIPELINE_SOURCE == "schedule"
  environment: {name: sla-sync-drift, action: access}
  script:
    - sla-sync drift --all-targets
""")


def pipeline(text: Pipeline, version: str) -> str:
    """Return a pipeline that installs a release."""
    return text.substitute(version=version, checkout=CHECKOUT, setup_python=SETUP_PYTHON)
