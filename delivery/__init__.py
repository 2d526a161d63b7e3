"""A Django site that serves Open edX-style courses without Open edX."""

import warnings

# Every process would begin with this notice about a namespace package of XBlock's file systems, and
# no reader of it can do anything about it.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated", category=UserWarning)
