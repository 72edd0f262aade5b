"""The one comment on a pull request or merge request, where the code is kept: GitHub or GitLab."""
